import {
  AuditorService,
  AuthService,
  BackstageCredentials,
  HttpAuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { TypedRouter } from '@backstage/backend-openapi-utils';
import { assertError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { Request } from 'express';
import { Knex } from 'knex';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { DatasetDirectory, DatasetRecord } from '../datasets/types';
import { DatasetStore } from '../datasets/DatasetStore';
import { ReporterRule } from '../fieldUse/lineage/reporters';
import { FieldUseStore } from '../fieldUse/store/FieldUseStore';
import { EngineRegistry } from '../engines/EngineRegistry';
import { FollowerStore } from '../followers/FollowerStore';
import { ChangeLimit } from '../limits/ChangeLimit';
import { DeliveryStore } from '../notifications/DeliveryStore';
import { DatabaseOutbox } from '../notifications/DatabaseOutbox';
import { WebhookSettings } from '../notifications/webhooks/settings';
import { SecretGenerations } from '../notifications/webhooks/signing/SecretGenerations';
import { ConsumerAuthorizer } from '../permissions/ConsumerAuthorizer';
import { DatasetAuthorizer } from '../permissions/DatasetAuthorizer';
import { Initiators } from '../permissions/initiators';
import { JobQueue } from '../queue/types';
import { ControlPlane } from '../service';
import { QueueHistory } from '../telemetry/QueueHistory';
import { Workers } from '../telemetry/Workers';
import { Endpoints } from './endpoints';

export type ApiRouter = TypedRouter<Endpoints>;

/** What the routers are made of. */
export interface ApiContext {
  knex: Knex;
  auth: AuthService;
  httpAuth: HttpAuthService;
  userInfo: UserInfoService;
  auditor: AuditorService;
  authorizer: DatasetAuthorizer;
  consumerAuthorizer: ConsumerAuthorizer;
  initiators: Initiators;
  directory: DatasetDirectory;
  datasets: DatasetStore;
  consumers: ConsumerStore;
  fieldUse: FieldUseStore;
  /** Which services may report runs of which consumers. */
  reporters: readonly ReporterRule[];
  engines: EngineRegistry;
  deliveries: DeliveryStore;
  followers: FollowerStore;
  /** Whether anybody is told through Backstage's notifications. */
  tellsPeople: boolean;
  outbox: DatabaseOutbox;
  webhookSigning: WebhookSettings['signing'];
  secretGenerations: SecretGenerations;
  workers: Workers;
  queue: JobQueue;
  queueHistory: QueueHistory;
  controlPlane: ControlPlane;
  changeLimit: ChangeLimit;
}

// Typed handlers have requests of their own types, none of which matter here.
type AnyRequest = Request<any, any, any, any, any>;

/** Who asks for something, whichever way they came. */
export interface Caller {
  credentials: BackstageCredentials;
  /** Absent where an action asks: the registry of actions hands over none. */
  request?: AnyRequest;
}

/** Who calls: a user or a service. @throws AuthenticationError for nobody */
export function callerOf(
  { httpAuth }: ApiContext,
  request: AnyRequest,
): Promise<BackstageCredentials> {
  return httpAuth.credentials(request, { allow: ['user', 'service'] });
}

/**
 * A dataset that the caller may see. Comes before other permissions are asked
 * for, so that who may see it is told when there is no such dataset.
 *
 * @throws NotAllowedError; NotFoundError
 */
export async function readableDataset(
  { authorizer, directory }: ApiContext,
  credentials: BackstageCredentials,
  datasetRef: string,
): Promise<DatasetRecord> {
  await authorizer.require(credentials, datasetReadPermission, datasetRef);
  return directory.getDataset(datasetRef);
}

/**
 * Does something that is audited: the attempt with its outcome, whoever made it
 * and whether it was allowed or not. All that may be refused belongs into the action.
 *
 * @param event.caller - instead of a request, from which the auditor reads who
 *   it was; without one it goes into the meta data
 */
export async function audited<T>(
  { auditor, initiators }: ApiContext,
  event: {
    eventId: string;
    severityLevel?: 'low' | 'medium' | 'high';
    meta: JsonObject;
  } & ({ request: AnyRequest } | { caller: Caller }),
  action: () => Promise<T>,
): Promise<T> {
  const { eventId, severityLevel, meta } = event;
  const request = 'caller' in event ? event.caller.request : event.request;
  const audit = await auditor.createEvent({
    eventId,
    severityLevel,
    request,
    meta:
      'caller' in event && !request
        ? { ...meta, caller: initiators.subjectOf(event.caller.credentials) }
        : meta,
  });
  try {
    const result = await action();
    await audit.success();
    return result;
  } catch (error) {
    assertError(error);
    await audit.fail({ error });
    throw error;
  }
}

/** A signal that aborts when the caller is gone. */
export function whileConnected(request: AnyRequest): AbortSignal {
  const controller = new AbortController();
  request.res?.once('close', () => controller.abort());
  return controller.signal;
}

/** The ref in the path of a request, in the catalog's form. */
export function refInPath(path: {
  kind: string;
  namespace: string;
  name: string;
}): string {
  return `${path.kind}:${path.namespace}/${path.name}`.toLocaleLowerCase(
    'en-US',
  );
}
