import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'preact/hooks';

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** A chart of ECharts; what it shows stands in a table too, so to readers of the screen it is one picture with a name. */
export function Chart({ option, label, height }: { option: EChartsCoreOption; label: string; height: number }) {
  const box = useRef<HTMLDivElement>(null), chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    const made = (chart.current = init(box.current!, null, { renderer: 'svg' }));
    made.on('rendered', () => box.current?.querySelector('svg')?.setAttribute('viewBox', `0 0 ${made.getWidth()} ${made.getHeight()}`)); // so that paper, which has another width, shows the whole
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current!);
    return () => { watch.disconnect(); made.dispose(); };
  }, []);
  useEffect(() => { chart.current?.setOption(option, true); }, [option]);
  return <div ref={box} role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
