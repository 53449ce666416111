import { InputError } from '@backstage/errors';
import { ErrorRequestHandler, Request } from 'express';

const MAX_QUOTED = 80;

/**
 * The validator of the specification says where and why a request is wrong;
 * this adds what stands there, so that a caller of a script or a form sees
 * which value was meant.
 */
export const describeInvalidRequest: ErrorRequestHandler = (
  error,
  req,
  _res,
  next,
) => {
  const isInvalid =
    error instanceof InputError && error.message.startsWith('request/');
  next(isInvalid ? new InputError(describe(error.message, req)) : error);
};

/** Messages look like `request/body/policy must be ..., request/query/limit must ...`. */
function describe(
  message: string,
  req: Request & { openapi?: { pathParams?: Record<string, string> } },
): string {
  const places = {
    body: req.body,
    query: req.query,
    headers: req.headers,
    // No route was matched yet; the validator took the path apart itself.
    params: req.openapi?.pathParams,
  };
  return message.replace(
    /request\/(body|query|params|headers)(\/\S+)? must ([^,]*)/g,
    (_match, place: keyof typeof places, path, rule) => {
      const names = path ? path.slice(1).split('/') : [];
      const value = names.reduce(
        (parent: any, name: string) => parent?.[name],
        places[place],
      );
      const where = [place, ...names].join('.');
      if (/additional properties/.test(rule)) {
        return `${where} has unknown properties, among ${quote(
          Object.keys(value ?? {}),
        )}`;
      }
      return value === undefined
        ? `${where} must ${rule}`
        : `${where} must ${rule}, not ${quote(value)}`;
    },
  );
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
