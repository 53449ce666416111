/** @public */
export interface WorkerInfo {
  id: string;
  hostname: string;
  pid: number;
  slots: number;
  running: number;
  /** `draining`: it stops, and takes no more jobs. */
  state: 'working' | 'draining';
  /**
   * Engines whose datasets it takes; one that cannot reach the storage of an
   * engine leaves it out. Absent for a worker of an earlier release.
   */
  engines?: string[];
  /** Release of the plugin. */
  version?: string;
  startedAt: string;
  lastSeenAt: string;
}

/** `GET /queue`. @public */
export interface QueueStatus {
  depth: number;
  /** Jobs that are due, and datasets that campaigns could start now. */
  eligibleBacklog: number;
  /** Seconds; 0 when nothing is queued. */
  oldestAgeSeconds: number;
  running: number;
  failed: number;
  workersAlive: number;
  workers: WorkerInfo[];
}

/** The queue at one moment: `GET /queue/history`. @public */
export interface QueueSample {
  at: string;
  depth: number;
  eligibleBacklog: number;
  oldestAgeSeconds: number;
  running: number;
  workersAlive: number;
  /** Migrations that ended since the sample before, by how. */
  succeeded: number;
  failed: number;
}

/** Which part of the past, and in how many samples. @public */
export interface QueueHistoryRequest {
  /** Up to now; 1 to 168, default 1. */
  hours?: number;
  /** At most so many, 10 to 500, default 120; further ones are merged. */
  samples?: number;
}
