/** Opens the page of the address. Pages are loaded by the browser; there is no client-side router. */
import './components/web-awesome.ts';
import './pages/not-found-page.ts';
import './styles/app.css';
import { readConfig } from './config.ts';
import { language } from './language.ts';
import { findRoute } from './routes.ts';

document.documentElement.lang = language();
const { element, parameters } = findRoute(location.pathname);
document.body.append(Object.assign(document.createElement(element), { config: readConfig(), parameters }));
