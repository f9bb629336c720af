import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { applySettings } from './app/theme';
import './styles/base.css';
import './styles/parts.css';
import './styles/frame.css';
import './styles/pages.css';
import './styles/report.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element called root');
applySettings();
createRoot(root).render(<StrictMode><App /></StrictMode>);
