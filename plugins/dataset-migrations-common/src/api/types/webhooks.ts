/**
 * A public key that callbacks are signed with (`v1a` of Standard Webhooks), as a JSON
 * Web Key (RFC 8037).
 *
 * @public
 */
export interface WebhookKey {
  kty: 'OKP';
  crv: 'Ed25519';
  alg: 'EdDSA';
  use: 'sig';
  /** The key's thumbprint (RFC 7638). */
  kid: string;
  /** The 32 bytes of the key, base64url. */
  x: string;
  /** The same as Standard Webhooks writes it: `whpk_` and base64. */
  whpk: string;
}
