using System.CommandLine;
using Forecast.Models.Training;

namespace Forecast.Cli.Commands;

/// <summary><c>--device</c>: where networks are trained and run. Models without tensors run on the processor whatever it says.</summary>
internal sealed class DeviceOption
{
    private readonly Option<string> _device = new("--device") { Description = "Where networks are trained and run: cpu, cuda, cuda:N, or auto", DefaultValueFactory = _ => "cpu" };

    public void AddTo(Command command) => command.Add(_device);

    /// <summary>The device by its full name, so that lineage never says <c>auto</c>.</summary>
    /// <exception cref="Core.ForecastException">No device word, or a device that is not there.</exception>
    public string Resolve(ParseResult parsed) => TorchDevice.Resolve(parsed.GetValue(_device)!);
}
