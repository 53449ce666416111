import { LoggerService } from '@backstage/backend-plugin-api';

/**
 * A logger for harnesses and tests that says nothing, with mocks of jest. The
 * one of Backstage's test utilities loads the whole of a backend, anew for
 * every file of tests.
 *
 * @public
 */
export function mockLogger(): LoggerService {
  const logger: LoggerService = {
    error: jest.fn(),
    warn: jest.fn(),
    info: jest.fn(),
    debug: jest.fn(),
    child: jest.fn(() => logger),
  };
  return logger;
}
