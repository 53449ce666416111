import { startDemoRun } from '../demo-run/startDemoRun';
import { command } from '../lib/bootstrap.mjs';
import { setTimeout as d } from 'node:timers/promises';
import { signIn } from '../../e2e-tests/lib/world';
command(async () => {
  const run = await startDemoRun();
  const url = (run as any).url;
  for (let i=0;i<60;i++){ try { const t=await signIn(url,'user:default/amelia'); 
    const r=await fetch(url+'/api/catalog/entities?fields=kind,metadata.name,spec.type,relations',{headers:{authorization:'Bearer '+t}}); const es=await r.json(); console.log(i, es.length); if(es.length>45||i>40){ const by:any={}; for(const e of es) (by[e.kind]??=[]).push(e.metadata.name); console.log(by);
     console.log(JSON.stringify(es.find((e:any)=>e.metadata.name==='flights').relations.slice(0,8)));
     const f=await (await fetch(url+'/api/catalog/entities/by-name/resource/default/flights',{headers:{authorization:'Bearer '+t}})).json(); console.log(String(f.spec.contracts[0]).slice(0,80), f.metadata.annotations);
     const c=await (await fetch(url+'/api/catalog/entities/by-name/component/default/route-planner',{headers:{authorization:'Bearer '+t}})).json(); console.log(JSON.stringify(c.spec.consumesDatasets));
     break;} } catch(e:any){ console.log(i,e.message.slice(0,200)); } await d(1000); }
});
