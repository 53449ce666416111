import { Route, Routes } from 'react-router-dom';
import { migrateDatasetRouteRef, migrationRouteRef } from '../routes';
import { DatasetsPage } from './DatasetsPage';
import { MigratePage } from './MigratePage';
import { MigrationPage } from './MigrationPage';

/** The pages below the plugin's root path. */
export function DatasetMigrationsRouter() {
  return (
    <Routes>
      <Route path={migrateDatasetRouteRef.path} element={<MigratePage />} />
      <Route path={migrationRouteRef.path} element={<MigrationPage />} />
      <Route path="/*" element={<DatasetsPage />} />
    </Routes>
  );
}
