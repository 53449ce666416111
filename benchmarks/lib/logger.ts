import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';

/** Says what went wrong, and nothing else. */
export const logger = WinstonLogger.create({ level: 'error' });
