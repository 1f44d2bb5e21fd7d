/** SQL of a row of bronze.web_cookies as the record of the stream that it was. */
export const recordText = `'{"kind":' || toJSONString(toString(kind)) || ',"site":' || toJSONString(toString(site)) || ',"document":' || document
           || if(context = '{}', '', ',' || substring(context, 2, length(context) - 2)) || '}'`
