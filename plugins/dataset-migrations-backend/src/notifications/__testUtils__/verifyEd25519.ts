import { createPublicKey, verify } from 'node:crypto';
import { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a call has a signature `v1a` of a public key, by the specification of
 * Standard Webhooks and Node's own cryptography: the reference library knows `v1`
 * alone.
 *
 * @param x - the key, base64url
 */
export function verifyEd25519(
  headers: IncomingHttpHeaders | Record<string, string>,
  body: string,
  x: string,
): boolean {
  const message = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x },
    format: 'jwk',
  });
  return String(headers['webhook-signature'])
    .split(' ')
    .filter(signature => signature.startsWith('v1a,'))
    .map(signature => Buffer.from(signature.slice('v1a,'.length), 'base64'))
    .some(signature => verify(null, Buffer.from(message), key, signature));
}
