using Forecast.Core.Time;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>The numbers under which the published models with a frequency prefix know the frequencies.</summary>
internal static class TtmFrequencies
{
    /// <summary>0 for a frequency that they do not know.</summary>
    public static int Number(Frequency frequency) => frequency.Code switch
    {
        "PT1M" => 1,
        "PT2M" => 2,
        "PT5M" => 3,
        "PT10M" => 4,
        "PT15M" => 5,
        "PT30M" => 6,
        "PT1H" => 7,
        "P1D" or "B" => 8,
        "P7D" => 9,
        _ => 0,
    };

    /// <summary>[B], int64; null where the network has no prefix.</summary>
    public static Tensor? Tokens(TtmConfig config, Frequency frequency, long batch, Device device)
    {
        if (!config.FrequencyPrefix) return null;
        var number = Number(frequency);
        return full([batch], number < config.FrequencyVocabulary ? number : 0, ScalarType.Int64, device);
    }
}
