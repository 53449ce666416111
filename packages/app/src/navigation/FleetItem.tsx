import { SidebarItem } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { fleetRouteRef } from '@skein/backstage-plugin-dataset-migrations';
import DonutSmallIcon from '@material-ui/icons/DonutSmall';

/** The fleet has no page extension of its own, hence no item; it is a page of the datasets'. */
export function FleetItem() {
  const fleet = useRouteRef(fleetRouteRef);
  return fleet ? (
    <SidebarItem icon={DonutSmallIcon} to={fleet()} text="Fleet" />
  ) : null;
}
