import { createHash, createHmac } from 'node:crypto';
import { IncomingHttpHeaders } from 'node:http';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

/**
 * Whether a request is signed as Signature Version 4 says, with a key of the
 * service SNS.
 */
export function verifySignature(options: {
  headers: IncomingHttpHeaders;
  body: string;
  accessKeyId: string;
  secretAccessKey: string;
}): boolean {
  const { headers, body, accessKeyId, secretAccessKey } = options;
  const [, credential, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (!credential) {
    return false;
  }
  const [id, ...scope] = credential.split('/');
  const [date, region, service, terminator] = scope;
  const canonicalHeaders = signed
    .split(';')
    .map(name => `${name}:${String(headers[name]).trim()}\n`)
    .join('');
  const canonical = [
    'POST',
    '/',
    '',
    canonicalHeaders,
    signed,
    hash(body),
  ].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'],
    scope.join('/'),
    hash(canonical),
  ].join('\n');
  const key = [date, region, service, terminator].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`,
  ) as Buffer;
  return (
    id === accessKeyId &&
    service === 'sns' &&
    signature === hmac(key, toSign).toString('hex')
  );
}
