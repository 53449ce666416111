export { CreateCampaignPage } from './CreateCampaignPage';
