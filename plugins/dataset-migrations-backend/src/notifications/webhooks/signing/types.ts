/** What a signature covers, and whom it is for. */
export interface SignedMessage {
  id: string;
  at: Date;
  body: string;
  consumerRef: string;
}

/** One key; a call carries a signature of every key there is. */
export interface Signer {
  /** As in the header `webhook-signature`: version, comma, base64. */
  sign(message: SignedMessage): string;
}
