/// The layout of the page; colours and charts come from the style sheet of the charts.
enum PageStyle {
  /// The CSS, after that of the charts whose variables it uses.
  static let css = """
    :root{--line:var(--grid);--soft:#f6f7f9;--measure:44rem}
    @media(prefers-color-scheme:dark){:root{--soft:#1e2127}}
    @media print{:root{--soft:#f6f7f9}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--fg);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;\
    overflow-wrap:break-word}
    main{max-width:64rem;margin:0 auto;padding:3rem 1.5rem 6rem}
    h1,h2,h3{line-height:1.2;text-wrap:balance}
    h1{font-size:2.5rem;letter-spacing:-.02em;margin:0 0 .5rem}
    h2{font-size:1.5rem;letter-spacing:-.01em;margin:0 0 .75rem}
    h3{font-size:1.0625rem;margin:2.25rem 0 .75rem}
    p,ul,ol{max-width:var(--measure)}
    p{margin:0 0 1rem}
    ul{padding-left:1.25rem;margin:0 0 1rem}
    li{margin:.25rem 0}
    a{color:inherit}
    .kind{font-size:.8125rem;letter-spacing:.06em;text-transform:uppercase;color:var(--muted);margin:0 0 .5rem}
    .question{font-size:1.25rem;line-height:1.45;color:var(--muted);margin:0 0 1rem}
    .facts{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;margin:0;max-width:none;\
    font-size:.875rem;color:var(--muted)}
    section{margin-top:4rem;padding-top:2rem;border-top:1px solid var(--line);scroll-margin-top:0}
    header+section{margin-top:2.5rem}
    .introduction,.note{color:var(--muted)}
    .note{font-size:.875rem}
    .skip{position:absolute;left:-999rem}
    .skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem 1rem;z-index:1}
    nav{display:none}
    nav ol{list-style:none;margin:0;padding:0}
    nav a{display:block;padding:.25rem 0;text-decoration:none;color:var(--muted);font-size:.875rem;line-height:1.35}
    nav a:hover{color:var(--fg)}
    @media screen and (min-width:75rem){
    body{display:grid;grid-template-columns:13rem minmax(0,64rem);justify-content:center;column-gap:2.5rem}
    nav{display:block;position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:3.25rem 0 2rem 1rem}
    main{margin:0;padding-left:0;width:100%}
    }
    .banner{border:1px solid var(--line);border-left:.375rem solid var(--tone);border-radius:.5rem;\
    background:var(--soft);padding:1.25rem 1.5rem;margin:0 0 1.5rem}
    .good{--tone:var(--good)}.doubtful{--tone:var(--s5)}.bad{--tone:var(--bad)}.neutral{--tone:var(--muted)}
    .verdict{font-size:1.125rem;margin:0}
    .verdict strong{color:var(--tone)}
    .counts{display:flex;flex-wrap:wrap;gap:1rem 2.25rem;margin:1.25rem 0 0}
    .counts div{display:flex;flex-direction:column-reverse}
    .counts dt{font-size:.8125rem;color:var(--muted)}
    .counts dd{margin:0;font-size:1.5rem;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
    .labelled{margin:0}
    .labelled>div{display:grid;grid-template-columns:9rem minmax(0,var(--measure));column-gap:1.5rem;\
    padding:.875rem 0;border-top:1px solid var(--line)}
    .labelled>div:first-child{border-top:0}
    .labelled dt{font-weight:600;grid-row:1/span 20}
    .labelled dd{margin:0 0 .375rem;grid-column:2}
    .labelled dd:last-child{margin-bottom:0}
    .scroll{overflow-x:auto;margin:0 0 1.5rem}
    table{border-collapse:collapse;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums;min-width:100%}
    caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
    th:first-child,td:first-child{padding-left:0}
    th:last-child,td:last-child{padding-right:0}
    thead th{font-weight:500;color:var(--muted);white-space:nowrap;border-bottom-color:var(--muted)}
    tbody th{font-weight:500;white-space:nowrap}
    .number{text-align:right;white-space:nowrap}
    tbody .good,tbody .doubtful,tbody .bad{color:var(--tone)}
    tr.group th{padding-top:1.25rem;font-size:.8125rem;font-weight:600;letter-spacing:.02em}
    .share{display:block;height:.1875rem;margin-top:.25rem;min-width:4rem}
    .share span{display:block;height:100%;min-width:1px;background:var(--muted);border-radius:2px;margin-left:auto}
    .figures{margin:0 0 1.5rem}
    .several{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:2rem 2.5rem}
    figure{margin:0;min-width:0}
    figcaption{margin:0 0 .75rem;line-height:1.4}
    figcaption span{color:var(--muted);font-size:.875rem;margin-left:.5rem}
    figcaption strong{font-weight:600}
    details{margin:.5rem 0 1.5rem}
    summary{cursor:pointer;color:var(--muted);font-size:.875rem;padding:.25rem 0}
    summary:hover{color:var(--fg)}
    details[open]>summary{margin-bottom:.75rem}
    .data{margin:.5rem 0 0}
    code,pre{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace;font-size:.8125rem}
    pre{overflow-x:auto;background:var(--soft);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;\
    line-height:1.55;margin:0 0 1.5rem;tab-size:2}
    .key{display:inline-block;width:.75rem;height:.75rem;margin-right:.5rem;vertical-align:-.05em;max-width:none}
    :focus-visible{outline:2px solid var(--s1);outline-offset:2px}
    @media screen and (max-width:37.5rem){
    main{padding:1.75rem 1rem 4rem}
    h1{font-size:1.875rem}.question{font-size:1.0625rem}
    section{margin-top:3rem;padding-top:1.5rem}
    .labelled>div{grid-template-columns:minmax(0,1fr);row-gap:.25rem}
    .labelled dt{grid-row:auto}.labelled dd{grid-column:1}
    .banner{padding:1rem 1.125rem}.counts{gap:.875rem 1.5rem}
    }
    @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    @media print{
    body{font-size:10pt}main{max-width:none;padding:0}
    section{margin-top:1.5rem;padding-top:1rem}h2,h3,figcaption{break-after:avoid}
    figure,.banner,tr{break-inside:avoid}.scroll{overflow:visible}.skip,summary{display:none}
    pre{white-space:pre-wrap}
    }

    """
}
