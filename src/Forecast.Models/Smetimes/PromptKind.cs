namespace Forecast.Models.Smetimes;

/// <summary>What is said in words about each segment.</summary>
public enum PromptKind
{
    /// <summary>Nothing: segments stand for themselves.</summary>
    None,

    /// <summary>Time span, mean, deviation and change, in the wording of the authors' programs.</summary>
    Published,

    /// <summary>Also least and greatest value, median, trend and the lags that repeat, which the paper's text names besides.</summary>
    Full,
}
