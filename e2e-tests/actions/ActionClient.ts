/** A way to call the actions of the portal. */
export interface ActionClient {
  /** Names without the plugin's: `plan`. */
  list(): Promise<string[]>;
  /**
   * @returns the output
   * @throws Error with what the client tells of a refusal
   */
  call(name: string, input: Record<string, unknown>): Promise<any>;
}

export const PLUGIN = 'dataset-migrations';
