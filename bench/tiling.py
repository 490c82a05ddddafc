"""Tiles against ST_AsMVT in PostGIS alone (bench/sql/tile_*.sql, by pgbench), and kept ones against nginx."""
RANGES = {14: ((4192, 4209), (6078, 6110)), 16: ((16768, 16839), (24312, 24443))}  # Chicago

SCRIPT = '''math.randomseed(os.time())
request = function()
  local z = math.random({low}, {high})
  local x, y = math.random({west}, {east}), math.random({north}, {south})
  local d = 2 ^ ({high} - z)
  local t = os.time{{year=2012, month=1, day=1, hour=12}} + 86400 * math.random(0, 700)
  local target = string.format("/tiles/{layer}/%d/%d/%d.mvt?{query}", z, math.floor(x / d), math.floor(y / d)):gsub("DAY", os.date("%Y-%m-%d", t)):gsub("NEXT", os.date("%Y-%m-%d", t + 366 * 86400))
  return wrk.format("GET", target, {{["Authorization"]="{bearer}", ["Accept-Encoding"]="identity"}})
end'''


def section(bench, alternate, pgbench, wrk):
    """Each request is of another tile and day, so that none is kept; what it is drawn from is."""
    def ours(layer, query, high):
        (west, east), (north, south) = RANGES[high]
        script = bench.folder / f"{layer}.lua"
        script.write_text(SCRIPT.format(layer=layer, query=query, low=10 if high == 14 else 14, high=high, west=west, east=east, north=north, south=south, bearer=bench.bearer))
        return wrk(bench.server.base, script, seconds=3)

    out = {}
    figures = "measures=hazard_density&from=2014-01-01&to=2015-01-01&at=DAY"
    for name, layer, query, high, sql in (("of villages", "villages", "at=DAY", 14, "tile_cells"), ("of villages with figures", "villages", figures, 14, "tile_joined"),
                                          ("of hazards", "hazards", "from=DAY&to=NEXT", 16, "tile_hazards")):
        pair = alternate(bench.rounds, ours=lambda: ours(layer, query, high), ST_AsMVT=lambda: pgbench(bench.server, sql, seconds=3))
        out[f"tile {name}, uncached, req/s"] = {**pair, "ours / ST_AsMVT": pair["ours"] / pair["ST_AsMVT"]}
    length, pair = bench.against_nginx("/tiles/villages/11/525/761.mvt", lambda tag: [])
    out[f"kept tile of {length} bytes, req/s"] = pair
    return out
