import { ReactElement } from 'react';
import { SidebarItem } from '@backstage/core-components';
import { useLocation } from 'react-router-dom';

/** The datasets, whose pages have those of the fleet among them. */
export function DatasetsItem(props: {
  icon: ReactElement | null;
  href: string;
  title: string;
}) {
  const { icon, href, title } = props;
  const { pathname } = useLocation();
  const isFleet = ['fleet', 'campaigns'].some(name =>
    `${pathname}/`.startsWith(`${href}/${name}/`),
  );
  return (
    <SidebarItem
      icon={() => icon ?? <></>}
      to={href}
      text={title}
      end={isFleet}
    />
  );
}
