export interface Config {
  auth?: {
    providers?: {
      /** Signing in as somebody of the demo, without a password. */
      demo?: {
        /**
         * Who may be chosen on the sign-in page; the first is the default.
         * @deepVisibility frontend
         */
        users: Array<{
          /** Entity ref of a user in the catalog. */
          entityRef: string;
          /** Name as shown. */
          name: string;
          /** What this person does in the demo. */
          role: string;
        }>;
      };
    };
  };
}
