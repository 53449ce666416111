import { ComponentType, createContext, ReactNode, useContext } from 'react';
import { LegacyPageFrame } from './LegacyPageFrame';

export interface PageFrameProps {
  title: string;
  /** What the page is about in a few words. */
  description?: string;
  /** The dataset that the page is about. */
  datasetRef?: string;
  /** The page that this one belongs to. */
  under?: { label: string; href: string };
  tabs?: Array<{ id: string; label: string; href: string }>;
  activeTab?: string;
  children: ReactNode;
}

/**
 * What draws the header around a page. The two frontend systems have different
 * headers; the pages do not know which one is theirs.
 */
export const PageFrameContext =
  createContext<ComponentType<PageFrameProps>>(LegacyPageFrame);

/** A page of this plugin with the header of the app it is in. */
export function PageFrame(props: PageFrameProps) {
  const Frame = useContext(PageFrameContext);
  return <Frame {...props} />;
}
