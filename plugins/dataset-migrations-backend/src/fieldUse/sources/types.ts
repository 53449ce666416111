/** A file of a consumer's source. */
export interface SourceFile {
  /** From the root of what was read, with slashes, none in front. */
  path: string;
  text(): Promise<string>;
}

/** A part of a consumer's source that may read a dataset and is not understood. */
export interface UnreadFile {
  file: string;
  line?: number;
  reason: string;
}
