import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import useAsync from 'react-use/esm/useAsync';
import { datasetMigrationsApiRef } from '../../api';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';

/** A campaign by its title; by its id until that is known, or may not be. */
export function CampaignLink(props: { id: string }) {
  const { id } = props;
  const api = useApi(datasetMigrationsApiRef);
  const links = useMigrationLinks();
  const { value } = useAsync(() => api.campaigns.get(id), [api, id]);
  return <Link to={links.campaign(id)}>{value?.title ?? id}</Link>;
}
