/**
 * The beat of a list, whether it polls or follows signals: of many migrations
 * at once there is a signal with every chunk of each.
 */
export const LIST_BEAT_MS = 5_000;
