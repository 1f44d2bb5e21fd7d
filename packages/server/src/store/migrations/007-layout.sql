-- How a page was laid out when something happened on it: what positions are brought to one width by.

ALTER TABLE silver.events
    ADD COLUMN IF NOT EXISTS viewport_width UInt16 COMMENT 'of the window, in CSS pixels; 0 where it is not known' AFTER position_y,
    ADD COLUMN IF NOT EXISTS page_height    UInt32 COMMENT 'in CSS pixels; 0 where it is not known' AFTER viewport_width;
