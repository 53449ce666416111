import { ConflictError, InputError } from '@backstage/errors';
import { Request, Response } from 'express';
import { hideSecrets } from './hideSecrets';

function hidden(error: unknown): unknown {
  const next = jest.fn();
  hideSecrets(error, {} as Request, {} as Response, next);
  return next.mock.calls[0][0];
}

describe('hideSecrets', () => {
  it('G10: lets an error go on without a secret in it or in its causes', () => {
    const cause = new InputError('no way to postgres://skein:hunter2@db/dwh');
    const error = Object.assign(new ConflictError('Not now', cause), {
      retryable: true,
    });
    expect(hidden(error)).toBe(error);
    expect(error).toMatchObject({
      name: 'ConflictError',
      message: 'Not now; caused by InputError: no way to postgres://***@db/dwh',
      retryable: true,
    });
    expect(cause.message).toBe('no way to postgres://***@db/dwh');
    expect([error.stack, cause.stack].join()).not.toContain('hunter2');
  });

  it('G10: does so where an error only lets its message be read, or is its own cause', () => {
    const error = new DOMException('no way to postgres://skein:hunter2@db/dwh');
    Object.assign(error, { cause: error });
    expect(hidden(error)).toBe(error);
    expect(error.message).toBe('no way to postgres://***@db/dwh');
  });

  it('lets go on what is no error', () => {
    expect(hidden('router')).toBe('router');
  });
});
