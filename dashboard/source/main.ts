import 'uplot/dist/uPlot.min.css';
import './styles.css';
import { mount } from 'svelte';
import Page from './page.svelte';

const target = document.getElementById('page');
if (target) mount(Page, { target });
