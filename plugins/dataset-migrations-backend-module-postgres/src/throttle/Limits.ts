/** From where on the engine waits for a server; see `config.d.ts`. */
export interface ThrottleLimits {
  replicationLagSeconds: number;
  lockWaiters: number;
  /** No limit when absent. */
  activeSessions?: number;
}

export const defaultLimits: ThrottleLimits = {
  replicationLagSeconds: 10,
  lockWaiters: 3,
};
