import { ChangeIdentity } from '../../changes/acceptedChanges';

/**
 * `POST /datasets/:kind/:namespace/:name/accepted-changes`: accepts one change on the
 * way to a version, as the plan names it.
 *
 * @public
 */
export interface AcceptChangeRequest extends ChangeIdentity {
  targetVersion: string;
  /** Why readers can bear it; kept, and shown to them. */
  reason: string;
}

/**
 * `GET /datasets/:kind/:namespace/:name/accepted-changes`: the last one first, also
 * those that were taken back.
 *
 * @public
 */
export interface ListAcceptedChangesRequest {
  /** Only those on the way to this version. */
  targetVersion?: string;
  cursor?: string;
  limit?: number;
}
