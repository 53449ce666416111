import { Route, Routes } from 'react-router-dom';
import {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
} from '../routes';
import { CampaignPage } from './CampaignPage';
import { CreateCampaignPage } from './CreateCampaignPage';
import { DatasetsPage } from './DatasetsPage';
import { FleetPage } from './FleetPage';
import { MigratePage } from './MigratePage';
import { MigrationPage } from './MigrationPage';

/** The pages below the plugin's root path. */
export function DatasetMigrationsRouter() {
  return (
    <Routes>
      <Route path={migrateDatasetRouteRef.path} element={<MigratePage />} />
      <Route path={migrationRouteRef.path} element={<MigrationPage />} />
      <Route path={fleetRouteRef.path} element={<FleetPage />} />
      <Route
        path={createCampaignRouteRef.path}
        element={<CreateCampaignPage />}
      />
      <Route path={campaignRouteRef.path} element={<CampaignPage />} />
      <Route path="/*" element={<DatasetsPage />} />
    </Routes>
  );
}
