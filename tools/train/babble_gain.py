#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Learn dsp/babble_table.h: build/tests/scenes/babble_scenes DIR, then this script DIR > dsp/babble_table.h"""

import sys

import numpy as np
import torch
from scipy.ndimage import uniform_filter1d

SCENES = sys.argv[1]


def print_log(*a, flush=True):
    print(*a, file=sys.stderr, flush=True)


N=480000
w=np.sqrt(np.hanning(1025)[:-1]).astype(np.float64); H=256
def stft(x):
    x=np.pad(x,(768,1024)); n=(len(x)-1024)//H+1
    idx=np.arange(1024)[None]+H*np.arange(n)[:,None]
    return np.fft.rfft(x[idx]*w,axis=1)
def istft(X,L=N):
    f=np.fft.irfft(X,axis=1)*w/2; out=np.zeros(H*(len(f)-1)+1024)
    for i in range(len(f)): out[i*H:i*H+1024]+=f[i]
    return out[768:768+L]
def sisdr(s,y):
    a=(s@y)/(s@s); e=y-a*s; return 10*np.log10((a*a*(s@s))/(e@e))
def get(kind,t,s): return np.fromfile(f'{SCENES}/{kind}_{t}_{s}.f32',np.float32).astype(np.float64)
def mix(x,n,snr):
    return n*np.sqrt((x@x)/(n@n)*10**(-snr/10))
def lull(P):
    T,K=P.shape; hop=H/48000.; low=int(100/46.875); high=int(4000/46.875)+1
    lv=P[:,low:high].sum(1); q=None; mean=np.zeros(K); nf=nl=0; out=np.zeros_like(P); step=3.75*hop; share=1-np.exp(-hop/0.264)
    for t in range(T):
        if lv[t]<1e-9: out[t]=1e-9; continue
        L=np.log(lv[t]); nf+=1
        if q is None:q=L
        q+=step*((0.3-1) if L<q else 0.3)
        if L<q:
            nl+=1; s=max(1./nl,share); mean+=s*(P[t]-mean)
        out[t]=np.maximum(mean,1e-9)
    return out
NB=360 # bins modelled (17 kHz)
def op(x,tau):
    a=np.exp(-H/48000./tau); y=x.copy()
    for t in range(1,len(y)): y[t]+=a*(y[t-1]-y[t])
    return y
def runmean(x,tau):
    a=1-np.exp(-H/48000./tau); y=np.zeros_like(x); m=np.zeros(x.shape[1:]); 
    for t in range(len(x)):
        m=m+max(1./(t+1),a)*(x[t]-m); y[t]=m
    return y
def feats(Y):
    P=np.maximum(abs(Y)**2,1e-12)
    p=P.copy(); p[:,1:-1]=.5*P[:,1:-1]+.25*(P[:,:-2]+P[:,2:])
    s1=op(p,.02); s2=op(p,.06); s3=op(p,.25); m=runmean(p,3.0); gm=runmean(np.log(s1),3.0); lam=lull(P)
    lm=np.log(m)
    wide=uniform_filter1d(p,17,axis=1); wm=runmean(wide,3.0)
    nar=uniform_filter1d(p,9,axis=1)
    e=P[:,2:86].sum(1); es=op(e,.03); el=op(e,.2); em=runmean(e,3.0); eg=runmean(np.log(es),3.0); lb=lam[:,2:86].sum(1)
    o=np.ones((1,p.shape[1]))
    f=[np.log(p)-lm,np.log(s1)-lm,np.log(s2)-lm,np.log(s3)-lm,gm-lm,np.log(lam)-lm,np.log(wide)-np.log(wm),np.log(P)-np.log(nar),
       (np.log(es)-np.log(em))[:,None]*o,(np.log(el)-np.log(em))[:,None]*o,(eg-np.log(em))[:,None]*o,(np.log(lb)-np.log(em))[:,None]*o,
       np.log1p(np.arange(p.shape[1])/10.)[None]*np.ones((len(p),1))]
    return np.stack(f,-1).astype(np.float32)[:,:NB]
torch.set_num_threads(1); torch.manual_seed(1)
def load(ts,kinds,seeds,snrs,step):
    F=[];W=[];G=[]
    rng=np.random.RandomState(len(ts))
    for k in kinds:
      for t in ts:
        for s in seeds:
         for sn in snrs:
          x=get('clean',t,s); n=mix(x,get(k,t,s),sn+rng.uniform(-2,2)); X=stft(x); Y=X+stft(n)
          f=feats(Y); sl=slice(20+rng.randint(step),None,step)
          P=abs(Y[:,:NB])**2; m=P.mean(0)
          w=P*(0.5/P.sum(1).mean()/1.+0.5/(m[None]*NB)); w/=w.mean()
          w=np.minimum(w,40.)
          g=np.real(X[:,:NB]*np.conj(Y[:,:NB]))/np.maximum(P,1e-12)
          ks=slice(rng.randint(2),None,2)
          F.append(f[sl,ks].reshape(-1,f.shape[-1])); W.append(w[sl,ks].ravel()); G.append(g[sl,ks].ravel().clip(-2,2))
    return [torch.tensor(np.concatenate(a).astype(np.float32)) for a in (F,W,G)]
def train(net,D,n,lr,bs=8192):
    F,w,g=D; N_=len(F); opt=torch.optim.Adam(net.parameters(),lr); acc=0
    for i in range(n):
        j=torch.randint(N_-bs,(1,)).item(); G=torch.sigmoid(net(F[j:j+bs])[:,0]); L=(w[j:j+bs]*(G-g[j:j+bs])**2).mean()
        opt.zero_grad();L.backward();opt.step(); acc+=float(L.detach())
        for q in opt.param_groups:q['lr']=lr*(1-i/n)+1e-5
        if i%1000==999: print_log(i,acc/1000,flush=True);acc=0
def test(net,mu,sd,ts,seeds,kinds=['bab','same','ljb','all8'],fl=0.12):
  for k in kinds:
    for sn in (0,10):
      r=[]
      for t in ts:
        for s in seeds:
          x=get('clean',t,s); n=mix(x,get(k,t,s),sn); Y=stft(x+n); f=torch.tensor(feats(Y))
          with torch.no_grad(): G=torch.sigmoid(net((f-mu)/sd)[...,0]).numpy()
          Gf=np.ones(Y.shape)*0.3; Gf[:,:NB]=np.maximum(G,fl); r.append(sisdr(x,istft(Gf*Y))-sisdr(x,x+n))
      print_log(k,sn,'min %.2f mean %.2f'%(min(r),np.mean(r)),np.round(r,2),flush=True)
def export(net, mu, sd):
    W1=net[0].weight.detach().numpy().astype(np.float64); b1=net[0].bias.detach().numpy().astype(np.float64); W2=net[2].weight.detach().numpy()[0]; b2=float(net[2].bias)
    mu=mu.numpy().astype(np.float64);sd=sd.numpy().astype(np.float64)
    W=W1/sd; b=b1-W@mu
    f=lambda v:('%.7g'%v if ('.' in '%.7g'%v or 'e' in '%.7g'%v) else '%.7g.0'%v)+'f'
    sys.stdout.write('''// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BABBLE_TABLE_H
#define PINNA_DSP_BABBLE_TABLE_H

// What tools/train/babble_gain.py found: weights from each clue to each unit, and from the units to
// the gain

#define PINNA_BABBLE_UNITS 16U
#define PINNA_BABBLE_CLUES 13U

static const float babble_weight[PINNA_BABBLE_UNITS][PINNA_BABBLE_CLUES] = {
''')
    for r in W: sys.stdout.write('    {'+', '.join(f(v) for v in r)+'},\n')
    sys.stdout.write('};\n\nstatic const float babble_bias[PINNA_BABBLE_UNITS] = {'+', '.join(f(v) for v in b)+'};\n\n')
    sys.stdout.write('static const float babble_out[PINNA_BABBLE_UNITS] = {'+', '.join(f(v) for v in W2)+'};\n\nstatic const float babble_out_bias = '+f(b2)+';\n\n#endif // PINNA_DSP_BABBLE_TABLE_H\n')


if __name__ == '__main__':
  D=load(['en','es','lj','jackson'],['bab','same','ljb','all8'],[1,2,3],[0,0,8],3)
  perm=torch.randperm(len(D[0])); D=[d[perm] for d in D]; print_log(D[0].shape)
  mu=D[0].mean(0);sd=D[0].std(0)+1e-6; D[0]=(D[0]-mu)/sd
  for h in [16]:
    net=torch.nn.Sequential(torch.nn.Linear(13,h),torch.nn.Tanh(),torch.nn.Linear(h,1)); train(net,D,12000,5e-3)
    test(net,mu,sd,['it','ru','fr','george'],[1,2])
    export(net,mu,sd)
