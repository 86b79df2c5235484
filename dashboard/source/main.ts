import { mount } from 'svelte';
import Page from './page.svelte';

const target = document.getElementById('page');
if (target) mount(Page, { target });
