import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Who started something: a link for users, the plain name for services. */
export function StarterLink(props: { startedBy: string }) {
  const { startedBy } = props;
  return startedBy.startsWith('user:') ? (
    <EntityRefLink entityRef={startedBy} defaultKind="user" />
  ) : (
    <>{startedBy}</>
  );
}
