use std::sync::Arc; use std::time::Instant; use std::path::PathBuf;
use flowpeek::load::{Inputs, load}; use flowpeek::table::build::Pairing;
use flowpeek::names::services::Services; use flowpeek::model::time::Zone;
use flowpeek::query::{facts::{Context,Orient}, run::{Preset,Query}, parse::parse, by::By, measure::Order, group::*, timeline::*};
fn main(){
 let f=PathBuf::from(std::env::args().nth(1).unwrap());
 let inputs=Inputs::look_at(&[f]).unwrap();
 let t=load(inputs, Pairing::Strict{tolerance:0},2,|_|true).table;
 println!("{} rows {} hosts", t.len(), t.address_count());
 let context=Context::new(Arc::new(Services::system()),Zone::utc(),Orient::Bytes);
 for th in [0,10] {
 let q=Query{preset:Preset::Connections,filter:parse("any").unwrap(),threshold:th,sort:None,orient:Orient::Bytes};
 for by in ["host","src","pair","net/24","src_net/24","service","protocol","dst_port","port","hour","minute","client","src,service","src_as"] {
  for peers in [false,true] {
  let g=GroupQuery{rows:q.clone(),by:By::parse_some(by).unwrap(),order:Order::by(flowpeek::query::measure::BYTES),limit:1000,details:peers};
  let mut best=f64::MAX; let mut n=0;
  for _ in 0..3 { let b=Instant::now(); let r=groups(&t,&g,&context); n=r.count; best=best.min(b.elapsed().as_secs_f64()*1e3);}
  println!("{th} {by} peers {peers}: {best:.1} ms, {n} groups");
  if th==10 {break;}
  }}
 let b=Instant::now(); let s=span(&t,&q,&context).unwrap(); println!("span {:?} {:?}",s,b.elapsed());
 let bins=Bins::within(&s,200,&Zone::utc());
 for a in Amount::ALL { let mut best=f64::MAX; for _ in 0..5 { let b=Instant::now(); let r=timeline(&t,&TimeQuery{rows:q.clone(),amount:a,bins},&context); best=best.min(b.elapsed().as_secs_f64()*1e3); std::hint::black_box(r);} println!("timeline {} {} bins {best:.1} ms",a.name(),bins.count);}
 let b=Instant::now(); flowpeek::query::run::run(&t,&q,&context); println!("run alone {:?}",b.elapsed());
 }
}
