using BenchmarkDotNet.Running;
using Forecast.Benchmarks;

if (args is ["batch", .. var rest]) return PanelScaling.Run(rest);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
