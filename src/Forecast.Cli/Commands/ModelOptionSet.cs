using System.CommandLine;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary>The transforms that a command line may put on every model it names.</summary>
internal sealed class ModelOptionSet
{
    private readonly Option<bool> _log = new("--log") { Description = "Model the logarithm (fitted in the fold, undone in the forecast)" };
    private readonly Option<string?> _boxCox = new("--box-cox") { Description = "auto or a lambda: model the Box-Cox transform" };

    public void AddTo(Command command)
    {
        command.Add(_log);
        command.Add(_boxCox);
    }

    /// <summary>The model string with the command line's transforms in its braces.</summary>
    public string Apply(string model, ParseResult parsed)
    {
        var boxCox = parsed.GetValue(_boxCox);
        if (parsed.GetValue(_log))
        {
            if (boxCox is not null) throw new ForecastException("transform-twice", "--log and --box-cox exclude each other", "box-cox");
            return ModelSpec.WithOption(model, CommonOptions.Log, "true");
        }

        return boxCox is null ? model : ModelSpec.WithOption(model, CommonOptions.BoxCox, boxCox);
    }
}
