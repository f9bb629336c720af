import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import './styles/base.css';
import './styles/parts.css';
import './styles/pages.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element called root');
createRoot(root).render(<StrictMode><App /></StrictMode>);
