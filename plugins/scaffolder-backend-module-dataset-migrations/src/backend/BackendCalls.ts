import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import {
  DatasetMigrationsApi,
  RequestOptions,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** Why a request failed, in the backend's own words where it had some. */
export class BackendCallError extends Error {
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;

  constructor(error: unknown) {
    const answered = error instanceof ResponseError;
    const reason = answered ? error.cause : error;
    super(reason instanceof Error ? reason.message : String(reason), {
      cause: error,
    });
    this.name = reason instanceof Error ? reason.name : 'Error';
    this.status = answered ? error.statusCode : undefined;
  }

  /** Whether the same request may well succeed later. */
  get isTemporary(): boolean {
    return (
      this.status === undefined || this.status === 429 || this.status >= 500
    );
  }
}

/** One request to the backend of dataset migrations. */
export type BackendCall<T> = (
  api: DatasetMigrationsApi,
  options: RequestOptions,
) => Promise<T>;

/**
 * Calls the backend for one step of one task. Every request gets a token of
 * its own, as they live for minutes and a step may wait for hours.
 */
export class BackendCalls {
  constructor(
    private readonly options: {
      api: DatasetMigrationsApi;
      auth: AuthService;
      /** The user who created the task. */
      getInitiatorCredentials(): Promise<BackstageCredentials>;
    },
  ) {}

  /** As the user who created the task: for whatever needs a permission. */
  async asInitiator<T>(call: BackendCall<T>): Promise<T> {
    return this.call(await this.options.getInitiatorCredentials(), call);
  }

  /**
   * As the scaffolder: for watching what the user has started. The user's own
   * token cannot be renewed and is dead after an hour at most.
   */
  async asScaffolder<T>(call: BackendCall<T>): Promise<T> {
    return this.call(await this.options.auth.getOwnServiceCredentials(), call);
  }

  /**
   * As the user, or as the scaffolder if the user's token has died meanwhile: for
   * taking back what the user has started.
   */
  async asOwner<T>(call: BackendCall<T>): Promise<T> {
    return this.asInitiator(call).catch(error => {
      if (error instanceof BackendCallError && error.status === 401) {
        return this.asScaffolder(call);
      }
      throw error;
    });
  }

  private async call<T>(
    onBehalfOf: BackstageCredentials,
    call: BackendCall<T>,
  ): Promise<T> {
    const { token } = await this.options.auth.getPluginRequestToken({
      onBehalfOf,
      targetPluginId: 'dataset-migrations',
    });
    try {
      return await call(this.options.api, { token });
    } catch (error) {
      throw new BackendCallError(error);
    }
  }
}
