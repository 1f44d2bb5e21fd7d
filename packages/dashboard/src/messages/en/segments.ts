export const segments = {
  title: 'Segments',
  none: 'Filters that you use often can be kept under a name: filter, then save them here.',
  name: 'Name of the segment',
  save: 'Save',
  remove: 'Remove the segment {name}',
} as const
