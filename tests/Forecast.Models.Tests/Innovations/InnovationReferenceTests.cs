using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Innovations;

/// <summary>Quantiles, tail means and scores against 30-digit arithmetic (mpmath: incomplete gamma and beta, quadrature).</summary>
public sealed class InnovationReferenceTests
{
    [Theory]
    [InlineData("norm", 0, 1e-6, -4.7534243088228989, -4.948332716562024)]
    [InlineData("norm", 0, 0.01, -2.3263478740408411, -2.6652142203458048)]
    [InlineData("norm", 0, 0.1, -1.2815515655446005, -1.7549833193248681)]
    [InlineData("norm", 0, 0.4, -0.2533471031357998, -0.96585633374215114)]
    [InlineData("std", 2.1, 1e-6, -116.55345431252915, -222.51153955121721)]
    [InlineData("std", 2.1, 0.01, -1.4251421693051635, -2.7530092996112364)]
    [InlineData("std", 2.1, 0.1, -0.40298200198035388, -0.87117793361994239)]
    [InlineData("std", 2.1, 0.4, -0.062618604660053065, -0.36248074295699171)]
    [InlineData("std", 4.2, 1e-6, -26.539746943343242, -34.850954904274742)]
    [InlineData("std", 4.2, 0.01, -2.6418621524530701, -3.6336725381524355)]
    [InlineData("std", 4.2, 0.1, -1.0995208962869774, -1.7727974574080879)]
    [InlineData("std", 4.2, 0.4, -0.19532259219207174, -0.8688971596470912)]
    [InlineData("std", 8, 1e-6, -10.487424456001113, -12.050486718385654)]
    [InlineData("std", 8, 0.01, -2.5084074627479778, -3.1098020239124264)]
    [InlineData("std", 8, 0.1, -1.2096775426332162, -1.7830472689267973)]
    [InlineData("std", 8, 0.4, -0.22683032357157057, -0.92865940717525055)]
    [InlineData("std", 120, 1e-6, -4.9556234807278773, -5.1812263927637543)]
    [InlineData("std", 120, 0.01, -2.3380935158682988, -2.6900341910328667)]
    [InlineData("std", 120, 0.1, -1.2778623935795364, -1.7573161658065171)]
    [InlineData("std", 120, 0.4, -0.25178471997504497, -0.96394192117193384)]
    [InlineData("ged", 0.7, 1e-6, -14.44548059014554, -15.958764069575273)]
    [InlineData("ged", 0.7, 0.01, -2.9861984504595809, -4.0217513405062532)]
    [InlineData("ged", 0.7, 0.1, -0.99914842261975226, -1.8443208340534015)]
    [InlineData("ged", 0.7, 0.4, -0.10514428925540642, -0.78079550013733492)]
    [InlineData("ged", 1.15, 1e-6, -7.9457041800645035, -8.4802085283774192)]
    [InlineData("ged", 1.15, 0.01, -2.6724261291226079, -3.28058354465927)]
    [InlineData("ged", 1.15, 0.1, -1.1786562145618651, -1.8329412823804811)]
    [InlineData("ged", 1.15, 0.4, -0.17875112666532275, -0.89127499324907533)]
    [InlineData("ged", 2, 1e-6, -4.7534243088228989, -4.948332716562024)]
    [InlineData("ged", 2, 0.01, -2.3263478740408411, -2.6652142203458048)]
    [InlineData("ged", 2, 0.1, -1.2815515655446005, -1.7549833193248681)]
    [InlineData("ged", 2, 0.4, -0.2533471031357998, -0.96585633374215114)]
    [InlineData("ged", 5, 1e-6, -2.7662306995774557, -2.8159544382954815)]
    [InlineData("ged", 5, 0.01, -1.9464559423841944, -2.0877641608191834)]
    [InlineData("ged", 5, 0.1, -1.3447494518428438, -1.6332671321648127)]
    [InlineData("ged", 5, 0.4, -0.32243225945485186, -1.0201248938619848)]
    public void Quantile_and_lower_tail_mean_agree_with_high_precision(string dist, double shape, double p, double quantile, double tailMean)
    {
        var z = InnovationKinds.Parse(dist).Create(shape);
        z.Quantile(p).ShouldBe(quantile, 2e-13 * Math.Abs(quantile));
        z.Quantile(1 - p).ShouldBe(-quantile, 1e-9 * Math.Abs(quantile));
        z.Cdf(quantile).ShouldBe(p, 1e-12 * p);
        z.Cdf(-quantile).ShouldBe(1 - p, 5e-15);
        z.LowerTailMean(p).ShouldBe(tailMean, 5e-13 * Math.Abs(tailMean));
    }

    [Theory]
    [InlineData("norm", 0, 0, 0.233694977255109, 0.797884560802865)]
    [InlineData("norm", 0, 0.3, 0.269332900686663, 0.797884560802865)]
    [InlineData("norm", 0, -2.5, 1.9398186908105, 0.797884560802865)]
    [InlineData("std", 2.1, 0, 0.0652809165630492, 0.296184247418832)]
    [InlineData("std", 2.1, 0.3, 0.187934947090918, 0.296184247418832)]
    [InlineData("std", 2.1, -2.5, 2.28353985324472, 0.296184247418832)]
    [InlineData("std", 4.2, 0, 0.189671544524725, 0.71450465471716)]
    [InlineData("std", 4.2, 0.3, 0.235633687568122, 0.71450465471716)]
    [InlineData("std", 4.2, -2.5, 1.99811444989173, 0.71450465471716)]
    [InlineData("std", 8, 0, 0.214504459303646, 0.765465544619743)]
    [InlineData("std", 8, 0.3, 0.25424662936514, 0.765465544619743)]
    [InlineData("std", 8, -2.5, 1.96123621342847, 0.765465544619743)]
    [InlineData("std", 120, 0, 0.232608710416054, 0.7961959370502)]
    [InlineData("std", 120, 0.3, 0.268465863475382, 0.7961959370502)]
    [InlineData("std", 120, -2.5, 1.94081524956803, 0.7961959370502)]
    [InlineData("ged", 0.7, 0, 0.139592589152865, 0.634407381722296)]
    [InlineData("ged", 0.7, 0.3, 0.214794315946856, 0.634407381722296)]
    [InlineData("ged", 0.7, -2.5, 2.03859172858256, 0.634407381722296)]
    [InlineData("ged", 1.15, 0, 0.190128778870505, 0.730405801545845)]
    [InlineData("ged", 1.15, 0.3, 0.239964249018816, 0.730405801545845)]
    [InlineData("ged", 1.15, -2.5, 1.97585773306606, 0.730405801545845)]
    [InlineData("ged", 2, 0, 0.233694977255109, 0.797884560802865)]
    [InlineData("ged", 2, 0.3, 0.269332900686663, 0.797884560802865)]
    [InlineData("ged", 2, -2.5, 1.9398186908105, 0.797884560802865)]
    [InlineData("ged", 5, 0, 0.272713010937593, 0.848342339387397)]
    [InlineData("ged", 5, 0.3, 0.300626628737926, 0.848342339387397)]
    [InlineData("ged", 5, -2.5, 1.92438011694883, 0.848342339387397)]
    public void Crps_and_mean_absolute_value_agree_with_high_precision(string dist, double shape, double z, double crps, double absoluteMean)
    {
        var law = InnovationKinds.Parse(dist).Create(shape);
        law.Crps(z).ShouldBe(crps, 1e-13);
        law.AbsoluteMean.ShouldBe(absoluteMean, 1e-13);
    }

    [Theory]
    [InlineData(0.05, -2.4888483449406048, 2.9688792010517308, -20.49784499129987, 401.53235734211512)]
    [InlineData(0.7, -0.34624133653498236, 0.26086724653166651, -1.2200235536979346, 2.8340491566946106)]
    [InlineData(2.01, 0.28747889258576961, 0.0042600229070983458, 0.42921355203231546, 0.64091747890629932)]
    [InlineData(7.5, 0.99079712430668135, 7.534364236758733, 1.9467574842460868, 0.1426158966967038)]
    [InlineData(400, 2.995419773635371, 1994.5092334361334, 5.9902140262749742, 0.0025031276041634115)]
    public void Gamma_functions_agree_with_high_precision(double x, double halfStep, double logGamma, double digamma, double trigamma)
    {
        GammaFunctions.LogHalfStepRatio(x).ShouldBe(halfStep, 3e-15 * (1 + Math.Abs(halfStep)));
        GammaFunctions.LogGamma(x).ShouldBe(logGamma, 2e-14 * (1 + Math.Abs(logGamma)));
        GammaFunctions.Digamma(x).ShouldBe(digamma, 2e-15 * (1 + Math.Abs(digamma)));
        GammaFunctions.Trigamma(x).ShouldBe(trigamma, 5e-15 * (1 + Math.Abs(trigamma)));
    }
}
