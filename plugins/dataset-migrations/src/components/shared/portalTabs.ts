import { MigrationLinks } from '../../hooks/useMigrationLinks';

/** The tabs of the pages that are about all datasets. */
export function portalTabs(links: MigrationLinks) {
  return [
    { id: 'datasets', label: 'Datasets', href: links.root },
    { id: 'migrations', label: 'Migrations', href: links.migrations() },
    { id: 'fleet', label: 'Fleet', href: links.fleet },
  ];
}
