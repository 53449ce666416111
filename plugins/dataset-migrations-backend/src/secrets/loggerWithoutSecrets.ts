import { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { withoutSecrets } from './withoutSecrets';

type Meta = Parameters<LoggerService['warn']>[1];

/** A logger whose lines, most of which say why something failed, hold no secret (G10). */
export function loggerWithoutSecrets(logger: LoggerService): LoggerService {
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, meta?: Meta) =>
      logger[level](withoutSecrets(message), cleaned(meta));
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: meta => loggerWithoutSecrets(logger.child(meta)),
  };
}

function cleaned(meta: Meta): Meta {
  if (!isError(meta)) {
    return meta;
  }
  const { name, message, stack } = meta;
  // Without the rest of it: the cause, the request, the statement.
  return Object.assign(new Error(withoutSecrets(message)), {
    name,
    stack: stack && withoutSecrets(stack),
  });
}
