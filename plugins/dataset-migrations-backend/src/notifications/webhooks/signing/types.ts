/** What a signature covers, and whom it is for. */
export interface SignedMessage {
  id: string;
  at: Date;
  body: string;
  consumerRef: string;
  /** Of the consumer's own secrets, those that sign; the newest first. */
  generations: number[];
}

/** One key, or what is derived from it; a call carries the signatures of all of them. */
export interface Signer {
  /** As in the header `webhook-signature`: version, comma, base64; spaces between several. */
  sign(message: SignedMessage): string;
}
