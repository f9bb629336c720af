using System.CommandLine;
using System.Globalization;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary>The transforms and constraints that a command line may put on every model it names.</summary>
internal sealed class ModelOptionSet
{
    private readonly Option<bool> _log = new("--log") { Description = "Model the logarithm (fitted in the fold, undone in the forecast)" };
    private readonly Option<string?> _boxCox = new("--box-cox") { Description = "auto or a lambda: model the Box-Cox transform" };

    private readonly Option<double?> _min = new("--min") { Description = "Least value there can be: forecasts are censored there" };
    private readonly Option<double?> _max = new("--max") { Description = "Greatest value there can be: forecasts are censored there" };
    private readonly Option<bool> _integer = new("--integer") { Description = "Only whole numbers can be: quantiles and paths are rounded" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _log, _boxCox, _min, _max, _integer }) command.Add(option);
    }

    /// <summary>The model string with what the command line says of every model in its braces.</summary>
    public string Apply(string model, ParseResult parsed)
    {
        var boxCox = parsed.GetValue(_boxCox);
        var log = parsed.GetValue(_log);
        if (log && boxCox is not null) throw new ForecastException("transform-twice", "--log and --box-cox exclude each other", "box-cox");
        if (log) model = ModelSpec.WithOption(model, CommonOptions.Log, "true");
        if (boxCox is not null) model = ModelSpec.WithOption(model, CommonOptions.BoxCox, boxCox);
        if (parsed.GetValue(_min) is { } min) model = ModelSpec.WithOption(model, CommonOptions.Min, min.ToString("R", CultureInfo.InvariantCulture));
        if (parsed.GetValue(_max) is { } max) model = ModelSpec.WithOption(model, CommonOptions.Max, max.ToString("R", CultureInfo.InvariantCulture));
        return parsed.GetValue(_integer) ? ModelSpec.WithOption(model, CommonOptions.Integer, "true") : model;
    }
}
