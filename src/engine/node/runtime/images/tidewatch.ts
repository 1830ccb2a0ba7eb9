import { defineImage, megabytes } from './defineImage.ts'

// The lessons' own registry: see the curriculum for what each is there to show.

const banners: Readonly<Record<string, string>> = {
  '1.0': 'Tidewatch 1.0: all ferries on time\n',
  '1.1': 'Tidewatch 1.1: storm warning, expect delays\n',
  '1.2': 'Tidewatch 1.2: new timetable\n',
  '1.2-mute': 'Tidewatch 1.2: new timetable\n',
}

const version = (tag: string): Readonly<Record<string, string>> => ({ APP_VERSION: tag })

/** The public page. */
export const ui = defineImage({
  names: ['dock.test/ui'],
  tags: /^(1\.[012]|1\.2-mute)$/,
  sizeBytes: megabytes(38),
  base: 'minimal',
  cmd: ['/app/ui'],
  programs: { '/app/ui': 'ui' },
  files: (tag) => ({ '/app/banner': banners[tag] ?? banners['1.0']! }),
  environment: version,
  ports: [8080],
  workingDir: '/app',
})

/** The model behind it. */
export const forecast = defineImage({
  names: ['dock.test/forecast'],
  tags: /^(1\.[01]|1\.0-deaf|2\.0)$/,
  sizeBytes: megabytes(240),
  base: 'minimal',
  cmd: ['/app/forecast'],
  programs: { '/app/forecast': 'forecast' },
  environment: version,
  ports: [8080],
  workingDir: '/app',
})

/** Trains the model. */
export const trainer = defineImage({
  names: ['dock.test/trainer'],
  tags: /^1\.[01]$/,
  sizeBytes: megabytes(420),
  base: 'minimal',
  cmd: ['/app/trainer'],
  programs: { '/app/trainer': 'trainer' },
  environment: version,
  workingDir: '/app',
})

/** Keeps notes in `/data`. */
export const logbook = defineImage({
  names: ['dock.test/logbook'],
  tags: /^1\.[01]$/,
  sizeBytes: megabytes(52),
  base: 'minimal',
  cmd: ['/app/logbook'],
  programs: { '/app/logbook': 'logbook' },
  files: { '/data/.keep': '' },
  environment: version,
  ports: [6379],
})

/** A shell with a few tools. */
export const tool = defineImage({
  names: ['dock.test/tool'],
  tags: /^1\.0$/,
  sizeBytes: megabytes(6),
  base: 'tool',
  cmd: ['sleep', 'infinity'],
})

/** Grows by 20 MiB a second. */
export const leaky = defineImage({
  names: ['dock.test/leaky'],
  tags: /^1\.0$/,
  sizeBytes: megabytes(12),
  base: 'minimal',
  cmd: ['/app/leaky'],
  programs: { '/app/leaky': 'leaky' },
})

/** Takes all the CPU it can. */
export const hog = defineImage({
  names: ['dock.test/hog'],
  tags: /^1\.0$/,
  sizeBytes: megabytes(12),
  base: 'minimal',
  cmd: ['/app/hog'],
  programs: { '/app/hog': 'hog' },
})

/** A quiet agent for every node. */
export const collector = defineImage({
  names: ['dock.test/collector'],
  tags: /^1\.0$/,
  sizeBytes: megabytes(18),
  base: 'minimal',
  cmd: ['/app/collector'],
  programs: { '/app/collector': 'collector' },
})
