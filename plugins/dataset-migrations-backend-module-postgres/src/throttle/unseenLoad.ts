import { Rights } from '../plan/readRights';

/** What the connection's role is not shown of sessions, with what to grant. */
export function unseenLoad({
  role,
  seesLoad,
}: Pick<Rights, 'role' | 'seesLoad'>): string[] {
  return seesLoad
    ? []
    : [
        `Copying does not wait for standbys that fall behind, nor for busy sessions of other roles, as the role ${role} is not shown them: GRANT pg_monitor TO ${role}.`,
        `For the same reason the switch does not wait for transactions of other roles under REPEATABLE READ or SERIALIZABLE. One that began before it and first reads the table after it finds the table without its new rows.`,
      ];
}
