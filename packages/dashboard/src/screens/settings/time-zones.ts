/** What a field for a time zone offers. */
export const timeZones = ['UTC', ...Intl.supportedValuesOf('timeZone')]
