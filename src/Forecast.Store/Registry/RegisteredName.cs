using Forecast.Core;

namespace Forecast.Store.Registry;

/// <summary>What a registered model may be called.</summary>
public static class RegisteredName
{
    private const int MaxName = 64;

    /// <exception cref="ForecastException"><c>model-name-invalid</c>.</exception>
    public static void Check(string name)
    {
        if (!(name is { Length: > 0 and <= MaxName } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            throw new ForecastException("model-name-invalid", $"a registered model's name is 1 to {MaxName} letters, digits, '-', '_' or '.', and begins with a letter or digit", "name");
    }
}
