import { useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Container, Header } from '@backstage/ui';
import { useLocation } from 'react-router-dom';
import type { PageFrameProps } from './PageFrame';

/** The header of the new frontend system, below the one that the app draws for the plugin. */
export function PortalPageFrame(props: PageFrameProps) {
  const { title, description, datasetRef, under, tabs, activeTab, children } =
    props;
  const { pathname } = useLocation();
  const appTitle = useApi(configApiRef).getOptionalString('app.title');
  useEffect(() => {
    document.title = [title, appTitle ?? 'Backstage'].join(' | ');
  }, [title, appTitle]);
  const page = (
    <>
      <Header
        title={title}
        description={description}
        metadata={
          datasetRef
            ? [
                {
                  label: 'Dataset',
                  value: <EntityRefLink entityRef={datasetRef} />,
                },
              ]
            : undefined
        }
        tabs={tabs}
        activeTabId={activeTab}
      />
      <Container>{children}</Container>
    </>
  );
  if (!datasetRef && !under) {
    return page;
  }
  const trail = (
    <BreadcrumbEntry entry={{ label: title, href: pathname }}>
      {page}
    </BreadcrumbEntry>
  );
  return under ? (
    <BreadcrumbEntry entry={under}>{trail}</BreadcrumbEntry>
  ) : (
    trail
  );
}
