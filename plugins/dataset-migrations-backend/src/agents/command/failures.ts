import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { CommandAgentSettings } from './settings';
import { ProgramEnd } from './runProgram';

/** Exit code by which a program asks to be tried again: EX_TEMPFAIL of sysexits.h. */
export const TRY_AGAIN = 75;

/** Signals that others send; all else a program brings on itself. */
const FROM_OUTSIDE: readonly NodeJS.Signals[] = [
  'SIGHUP',
  'SIGINT',
  'SIGKILL',
  'SIGTERM',
];

/**
 * Why a program has made no batch, if it has not. Another try would meet most
 * failures again, as a program must do the same with the same batch; a worker
 * that is out of memory or shuts down is no fault of the batch.
 *
 * @param outputBytes - size of what it wrote
 */
export function failureOf(
  end: ProgramEnd,
  settings: CommandAgentSettings,
  outputBytes: number,
): Error | undefined {
  if (end.kind === 'timeout') {
    return programFailed(
      settings.id,
      `was still running after ${
        settings.timeoutMs / 1000
      } seconds and was ended`,
    );
  }
  if (end.kind === 'memory') {
    return programFailed(
      settings.id,
      `used more than ${settings.memoryBytes} bytes of memory and was ended`,
    );
  }
  if (
    outputBytes > settings.maxOutputBytes ||
    (end.kind === 'signal' && end.signal === 'SIGXFSZ')
  ) {
    return programFailed(
      settings.id,
      `wrote a file of more than ${settings.maxOutputBytes} bytes`,
    );
  }
  if (end.kind === 'signal') {
    return FROM_OUTSIDE.includes(end.signal)
      ? new ServiceUnavailableError(
          `Agent '${settings.id}': its program was ended by ${end.signal}`,
        )
      : programFailed(settings.id, `crashed with ${end.signal}`);
  }
  if (end.code === TRY_AGAIN) {
    return new ServiceUnavailableError(
      `Agent '${settings.id}': its program asks to be tried again`,
    );
  }
  return end.code === 0
    ? undefined
    : programFailed(settings.id, `ended with code ${end.code}`);
}

/** A program that is not on this machine. */
export function missingProgram(settings: CommandAgentSettings): Error {
  return new NotFoundError(
    `Agent '${settings.id}': its program is not on the machine that should run it; see ${settings.key}.command`,
  );
}

/**
 * A failure that another try would meet again.
 *
 * @param what - the end of the sentence "its program ..."
 */
export function programFailed(id: string, what: string): Error {
  return new InputError(`Agent '${id}': its program ${what}`);
}
