import { Content, Header, HeaderTabs, Page } from '@backstage/core-components';
import { Link } from 'react-router-dom';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { BackToDataset } from './BackToDataset';
import type { PageFrameProps } from './PageFrame';

/** The header of the old frontend system. */
export function LegacyPageFrame(props: PageFrameProps) {
  const { title, description, datasetRef, tabs, activeTab, children } = props;
  const { root } = useMigrationLinks();
  const under =
    props.under ??
    (datasetRef ? { label: 'Dataset migrations', href: root } : undefined);
  return (
    <Page themeId="tool">
      <Header
        title={title}
        subtitle={
          datasetRef ? <BackToDataset datasetRef={datasetRef} /> : description
        }
        type={under?.label}
        typeLink={under?.href}
      />
      {tabs && (
        <HeaderTabs
          selectedIndex={tabs.findIndex(tab => tab.id === activeTab)}
          tabs={tabs.map(({ id, label, href }) => ({
            id,
            label,
            tabProps: { component: Link, to: href },
          }))}
        />
      )}
      <Content>{children}</Content>
    </Page>
  );
}
