// Arrows run one way (ARCHITECTURE.md). A lower room never imports a higher one; two rooms of one level do not import each other.
const room = (name) => `^packages/server/src/${name}`
const roomsAbove = {
  'stream|store|metadata': 'collect|pipeline|api|live|lake|out|query|ideas|cli|roles',
  'query|ideas': 'collect|pipeline|api|live|lake|out|cli|roles',
  'collect|pipeline|api|live|lake|out': 'cli|roles',
  http: 'collect|pipeline|api|live|lake|out|query|ideas|cli|roles|stream|store|metadata',
}

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^packages/contract' },
      to: { path: '^packages/(?!contract)' },
    },
    {
      name: 'stats-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/stats' },
      to: { path: '^packages/(?!stats)' },
    },
    {
      name: 'stats-runs-in-a-browser',
      severity: 'error',
      from: { path: '^packages/stats/src' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'delta-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/delta' },
      to: { path: '^packages/(?!delta)' },
    },
    {
      // Who writes to a disk installs no cloud's client: each form of storage is an entry of its own.
      name: 'delta-knows-its-clouds-in-one-file-each',
      severity: 'error',
      from: { path: '^packages/delta/src', pathNot: 'storage/(s3|azure)\\.ts$' },
      to: { path: 'storage/(s3|azure)\\.ts$|node_modules/@(aws-sdk|azure)' },
    },
    {
      name: 'tracker-has-no-runtime-dependency',
      severity: 'error',
      from: { path: '^packages/tracker/src', pathNot: '\\.test\\.ts$' },
      // Of the contract it takes types alone, which leave no trace in the script; its size test would see anything more.
      to: { path: 'node_modules|^packages/(?!tracker|contract)' },
    },
    {
      name: 'dashboard-asks-only-the-api',
      severity: 'error',
      from: { path: '^packages/dashboard' },
      to: { path: '^packages/(server|tracker)' },
    },
    ...Object.entries(roomsAbove).map(([lower, higher]) => ({
      name: `${lower.replaceAll('|', '-')}-imports-nothing-above`,
      severity: 'error',
      from: { path: room(`(${lower})/`), pathNot: '\\.test\\.ts$' },
      to: { path: room(`(${higher})`) },
    })),
    // The same level: through the stream or the store, not to each other.
    {
      name: 'rooms-of-one-level-keep-apart',
      severity: 'error',
      from: { path: room('(collect|pipeline|lake|out)/'), pathNot: '\\.test\\.ts$' },
      to: { path: room('(collect|pipeline|api|live|lake|out)/'), pathNot: room('$1/') },
    },
    {
      // ClickHouse alone takes more memory than all that a collector does.
      name: 'a-collector-loads-no-store',
      severity: 'error',
      from: { path: room('roles/(apart/)?collector\\.ts$') },
      to: { path: 'node_modules/chdb', reachable: true },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { pathNot: '(\\.test\\.tsx?$|^test/|^bench/|^packages/[^/]+/test/)' },
      to: { path: '^test/|\\.test\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
}
