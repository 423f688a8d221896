"""Names of XMP properties by vocabulary: facts alone, a pure table.

From ISO 16684-1 and -2, IPTC Photo Metadata 2023.1, PLUS, MWG 2.0, CIPA DC-010, Adobe's XMP
specification and Camera Raw, Darwin Core, Google's and Apple's vocabularies, as ExifTool's tables
list them (12.57), and three that programs spell otherwise. A name that is not here may be
anybody's words: it stands in no code and no label.
"""

from __future__ import annotations

from typing import Final

#: prefix → the names of its properties, and of the parts of its structures
PROPERTIES: Final = {
    prefix: frozenset(names.split())
    for prefix, names in {
        "dc": """
            contributor coverage creator date description format identifier language publisher
            relation rights source subject title type
        """,
        "xmp": """
            Advisory Author BaseURL CreateDate CreatorTool Description Format Identifier
            Keywords Label MetadataDate ModifyDate Nickname PageInfo Rating RatingPercent
            Thumbnails Title creatortool
        """,
        "xmpMM": """
            DerivedFrom DocumentID History Ingredients InstanceID LastURL ManageTo ManageUI
            ManagedFrom Manager ManagerVariant Manifest OriginalDocumentID Pantry
            PreservedFileName RenditionClass RenditionOf RenditionParams SaveID VersionID
            Versions placedResolutionUnit placedXResolution placedYResolution subject
        """,
        "xmpRights": "Certificate Marked Owner UsageTerms WebStatement",
        "xmpBJ": "JobRef",
        "stEvt": "action changed instanceID parameters softwareAgent when",
        "stRef": """
            alternatePaths documentID filePath fromPart instanceID lastModifyDate lastURL
            linkCategory linkForm manageTo manageUI manager managerVariant maskMarkers
            originalDocumentID partMapping placedResolutionUnit placedXResolution
            placedYResolution renditionClass renditionParams toPart versionID
        """,
        "stArea": "d h unit w x y",
        "stDim": "h unit w",
        "xmpGImg": "format height image width",
        "exif": """
            ApertureValue Artist BodySerialNumber BrightnessValue CFAPattern CameraOwnerName
            ColorSpace Columns ComponentsConfiguration CompositeImage CompressedBitsPerPixel
            Compression Contrast Copyright CustomRendered DateTime DateTimeDigitized
            DateTimeOriginal DeviceSettingDescription DigitalZoomRatio ExifVersion
            ExposureBiasValue ExposureIndex ExposureMode ExposureProgram ExposureTime FNumber
            FileSource Fired Flash FlashEnergy FlashPixVersion FlashpixVersion FocalLength
            FocalLengthIn35mmFilm FocalPlaneResolutionUnit FocalPlaneXResolution
            FocalPlaneYResolution Function GPSAltitude GPSAltitudeRef GPSAreaInformation GPSDOP
            GPSDestBearing GPSDestBearingRef GPSDestDistance GPSDestDistanceRef GPSDestLatitude
            GPSDestLongitude GPSDifferential GPSHPositioningError GPSImgDirection
            GPSImgDirectionRef GPSLatitude GPSLongitude GPSMapDatum GPSMeasureMode
            GPSProcessingMethod GPSSatellites GPSSpeed GPSSpeedRef GPSStatus GPSTimeStamp
            GPSTrack GPSTrackRef GPSVersionID GainControl ISOSpeedRatings ImageDescription
            ImageLength ImageUniqueID ImageWidth InteroperabilityIndex InteroperabilityVersion
            Lens LensModel LensSerialNumber LightSource Make MakerNote MaxApertureValue
            MeteringMode Mode Model Names NativeDigest OECF OffsetTimeOriginal Orientation
            PixelXDimension PixelYDimension RedEyeMode RelatedSoundFile ResolutionUnit Return
            Rows Saturation SceneCaptureType SceneType SensingMethod Settings Sharpness
            ShutterSpeedValue Software SpatialFrequencyResponse SpectralSensitivity SubSecTime
            SubSecTimeDigitized SubSecTimeOriginal SubjectArea SubjectDistance
            SubjectDistanceRange SubjectLocation SubsecTime UserComment Values WhiteBalance
            XResolution YCbCrPositioning YResolution
        """,
        "exifEX": """
            Acceleration BodySerialNumber CameraElevationAngle CameraOwnerName CompositeImage
            CompositeImageCount CompositeImageExposureTimes Gamma Humidity ISOSpeed
            ISOSpeedLatitudeyyy ISOSpeedLatitudezzz InteroperabilityIndex LensMake LensModel
            LensSerialNumber LensSpecification MaxExposureTimesOfAll MaxExposureTimesOfUsed
            MinExposureTimesOfAll MinExposureTimesOfUsed NumberOfImagesInSequences
            NumberOfSequences OffsetTime OffsetTimeOriginal PhotographicSensitivity Pressure
            RecommendedExposureIndex SensitivityType StandardOutputSensitivity
            SumOfExposureTimesOfAll SumOfExposureTimesOfUsed Temperature TotalExposurePeriod
            Values WaterDepth
        """,
        "aux": """
            ApproximateFocusDistance DistortionCorrectionAlreadyApplied
            EnhanceDetailsAlreadyApplied EnhanceDetailsVersion
            EnhanceSuperResolutionAlreadyApplied EnhanceSuperResolutionScale
            EnhanceSuperResolutionVersion Firmware FlashCompensation ImageNumber IsMergedHDR
            IsMergedPanorama LateralChromaticAberrationCorrectionAlreadyApplied Lens
            LensDistortInfo LensID LensInfo LensSerialNumber NeutralDensityFactor OwnerName
            SerialNumber VignetteCorrectionAlreadyApplied
        """,
        "tiff": """
            Artist BitsPerSample Compression Copyright DateTime ImageDescription ImageLength
            ImageWidth JPEGInterchangeFormat JPEGInterchangeFormatLength Make Model NativeDigest
            Orientation PhotometricInterpretation PlanarConfiguration PrimaryChromaticities
            ReferenceBlackWhite ResolutionUnit SamplesPerPixel Software TransferFunction
            WhitePoint XResolution YCbCrCoefficients YCbCrPositioning YCbCrSubSampling
            YResolution software
        """,
        "photoshop": """
            AuthorsPosition CameraProfiles CaptionWriter Category City ColorMode Country Credit
            DateCreated DocumentAncestors EmbeddedXMPDigest Headline History ICCProfile
            Instructions LayerName LayerText LegacyIPTCDigest SidecarForExtension Source State
            SupplementalCategories TextLayers ToolName TransmissionReference Urgency
        """,
        "crs": """
            Alpha AlreadyApplied Amount Angle AreaComponents AreaModels AutoBrightness
            AutoContrast AutoExposure AutoLateralCA AutoShadows AutoTone AutoToneDigest
            AutoToneDigestNoSat AutoWhiteVersion Blacks2012 BlueHue BlueSaturation Bottom
            Brightness CameraModelRestriction CameraProfile CameraProfileDigest CenterValue
            CenterWeight ChromaticAberrationB ChromaticAberrationR
            CircularGradientBasedCorrections Clarity Clarity2012 ClipboardAspectRatio
            ClipboardOrientation Cluster ColorAmount ColorGradeBlending ColorGradeGlobalHue
            ColorGradeGlobalLum ColorGradeGlobalSat ColorGradeHighlightLum ColorGradeMidtoneHue
            ColorGradeMidtoneLum ColorGradeMidtoneSat ColorGradeShadowLum ColorNoiseReduction
            ColorNoiseReductionDetail ColorNoiseReductionSmoothness ColorRangeMaskAreaSampleInfo
            CompatibleVersion ContactInfo Contrast Contrast2012 ConvertToGrayscale Converter
            Copyright CorrectionActive CorrectionAmount CorrectionMasks CorrectionName
            CorrectionRangeMask CorrectionSyncID CropAngle CropBottom CropConstrainToWarp
            CropHeight CropLeft CropRight CropTop CropUnit CropUnits CropWidth DNGIgnoreSidecars
            Dabs DefaultAutoGray DefaultAutoTone DefaultsSpecificToISO DefaultsSpecificToSerial
            Defringe DefringeGreenAmount DefringeGreenHueHi DefringeGreenHueLo
            DefringePurpleAmount DefringePurpleHueHi DefringePurpleHueLo Dehaze DepthFeather
            DepthMax DepthMin Description Exposure Exposure2012 Feather FillLight Flipped Flow
            FullX FullY GradientBasedCorrections GrainAmount GrainFrequency GrainSeed GrainSize
            GrayMixerAqua GrayMixerBlue GrayMixerGreen GrayMixerMagenta GrayMixerOrange
            GrayMixerPurple GrayMixerRed GrayMixerYellow GreenHue GreenSaturation Group
            HDREditMode HDRMaxValue HasCrop HasSettings HealVersion Highlight2012
            HighlightRecovery Highlights2012 HueAdjustmentAqua HueAdjustmentBlue
            HueAdjustmentGreen HueAdjustmentMagenta HueAdjustmentOrange HueAdjustmentPurple
            HueAdjustmentRed HueAdjustmentYellow IncrementalTemperature IncrementalTint
            InputDigest Invert JPEGHandling LabMax LabMin Left LensManualDistortionAmount
            LensProfileChromaticAberrationScale LensProfileDigest LensProfileDistortionScale
            LensProfileEnable LensProfileFilename LensProfileIsEmbedded
            LensProfileMatchKeyCameraModelName LensProfileMatchKeyExifMake
            LensProfileMatchKeyExifModel LensProfileMatchKeyIsRaw LensProfileMatchKeyLensID
            LensProfileMatchKeyLensInfo LensProfileMatchKeyLensName
            LensProfileMatchKeySensorFormatFactor LensProfileName LensProfileSetup
            LensProfileVignettingScale LocalBlacks2012 LocalBrightness LocalClarity
            LocalClarity2012 LocalContrast LocalContrast2012 LocalDefringe LocalDehaze
            LocalExposure LocalExposure2012 LocalHighlights2012 LocalHue LocalLuminanceNoise
            LocalMoire LocalSaturation LocalShadows2012 LocalSharpness LocalTemperature
            LocalTexture LocalTint LocalToningHue LocalToningSaturation LocalWhites2012 Look
            LookName LookTable LumEq LumFeather LumMax LumMin LumRange LuminanceAdjustmentAqua
            LuminanceAdjustmentBlue LuminanceAdjustmentGreen LuminanceAdjustmentMagenta
            LuminanceAdjustmentOrange LuminanceAdjustmentPurple LuminanceAdjustmentRed
            LuminanceAdjustmentYellow LuminanceDepthSampleInfo LuminanceNoiseReductionContrast
            LuminanceNoiseReductionDetail LuminanceSmoothing MaskActive MaskBlendMode MaskDigest
            MaskGroupBasedCorrections MaskInverted MaskName MaskSubType MaskSyncID MaskValue
            MaskVersion Masks Method Midpoint MoireFilter Name NegativeCacheLargePreviewSize
            NegativeCacheMaximumSize NegativeCachePath OffsetY Opacity Origin
            OverrideLookVignette PaintBasedCorrections Parameters ParametricDarks
            ParametricHighlightSplit ParametricHighlights ParametricLights
            ParametricMidtoneSplit ParametricShadowSplit ParametricShadows PerimeterValue
            PerspectiveAspect PerspectiveHorizontal PerspectiveRotate PerspectiveScale
            PerspectiveUpright PerspectiveVertical PerspectiveX PerspectiveY
            PostCropVignetteAmount PostCropVignetteFeather PostCropVignetteHighlightContrast
            PostCropVignetteMidpoint PostCropVignetteRoundness PostCropVignetteStyle PresetType
            ProcessVersion RGBMax RGBMin Radius RangeMaskMapInfo RawFileName RedEyeInfo RedHue
            RedSaturation ReferencePoint RetouchAreas RetouchInfo Right Roundness SDRBlend
            SDRBrightness SDRClarity SDRContrast SDRHighlights SDRShadows SDRWhites SampleType
            Saturation SaturationAdjustmentAqua SaturationAdjustmentBlue
            SaturationAdjustmentGreen SaturationAdjustmentMagenta SaturationAdjustmentOrange
            SaturationAdjustmentPurple SaturationAdjustmentRed SaturationAdjustmentYellow Seed
            ShadowTint Shadows Shadows2012 SharpenDetail SharpenEdgeMasking SharpenRadius
            Sharpness ShortName SizeX SizeY Smoothness SortName SourceState SourceX
            SplitToningBalance SplitToningHighlightHue SplitToningHighlightSaturation
            SplitToningShadowHue SplitToningShadowSaturation SpotType SupportsAmount
            SupportsColor SupportsHighDynamicRange SupportsMonochrome SupportsNormalDynamicRange
            SupportsOutputReferred SupportsSceneReferred TIFFHandling Temperature Texture Tint
            ToggleStyleAmount ToggleStyleDigest ToneCurve ToneCurveBlue ToneCurveGreen
            ToneCurveName ToneCurveName2012 ToneCurvePV2012 ToneCurvePV2012Blue
            ToneCurvePV2012Green ToneCurvePV2012Red ToneCurveRed ToneMapStrength Top Type UUID
            UprightCenterMode UprightCenterNormX UprightCenterNormY UprightDependentDigest
            UprightFocalLength35mm UprightFocalMode UprightFourSegmentsCount
            UprightFourSegments_0 UprightFourSegments_1 UprightFourSegments_2
            UprightFourSegments_3 UprightGuidedDependentDigest UprightPreview
            UprightTransformCount UprightTransform_0 UprightTransform_1 UprightTransform_2
            UprightTransform_3 UprightTransform_4 UprightTransform_5 UprightVersion Version
            Vibrance VignetteAmount VignetteMidpoint What WhiteBalance Whites2012 WholeImageArea
            X Y ZeroX ZeroY
        """,
        "lr": "hierarchicalSubject privateRTKInfo weightedFlatSubject",
        "Iptc4xmpCore": """
            AltTextAccessibility CiAdrCity CiAdrCtry CiAdrExtadr CiAdrPcode CiAdrRegion
            CiEmailWork CiTelWork CiUrlWork CountryCode CreatorContactInfo ExtDescrAccessibility
            IntellectualGenre Location Scene SubjectCode
        """,
        "Iptc4xmpExt": """
            AIPromptInformation AISystemUsed AOCircaDateCreated AOContentDescription
            AOContributionDescription AOCopyrightNotice AOCreator AOCreatorId
            AOCurrentCopyrightOwnerId AOCurrentCopyrightOwnerName AOCurrentLicensorId
            AOCurrentLicensorName AODateCreated AOPhysicalDescription AOSource AOSourceInvNo
            AOSourceInvURL AOStylePeriod AOTitle AboutCvTerm AddlModelInfo ArtworkOrObject
            AttLensDescription CVterm CircaDateCreated City ContainerFormat Contributor
            CopyrightYear CountryCode CountryName Creator CvId CvTermId CvTermName
            CvTermRefinedAbout DataOnScreen Date DigImageGUID DigitalSourceType
            DigitalSourcefileType Dopesheet DopesheetLink EmbdEncRightsExpr EncRightsExpr
            Episode Event EventExt EventId EventName ExternalMetadataLink FeedIdentifier Genre
            Headline HeightPixels Identifier ImageRegion ImageRole IptcLastEdited Link
            LinkQualifier LinkedEncRightsExpr LinkedRightsExpr LocationCreated LocationId
            LocationName LocationShown Manufacturer MaxAvailHeight MaxAvailWidth ModelAge
            ModelName Name Number OrganisationInImageCode OrganisationInImageName OwnersDeviceId
            PersonCharacteristic PersonDescription PersonHeard PersonId PersonInImage
            PersonInImageWDetails PersonName PlanningRef ProductDescription ProductGTIN
            ProductId ProductInImage ProductName ProvinceState PublicationEvent Rating
            RatingRegion RatingScaleMaxValue RatingScaleMinValue RatingSourceLink RatingValue
            RatingValueLogoLink RecDevice RegEntryRole RegItemId RegOrgId Region RegionBoundary
            RegionText RegistryId ReleaseReady RightsExprEncType RightsExprLangId Role Season
            SerialNumber Series SnapshotLink StorylineIdentifier StreamReady StylePeriod
            Sublocation SupplyChainSource TemporalCoverage Transcript TranscriptLink
            UsedVideoFrame VideoShotType VisualColour WidthPixels WorkflowTag WorldRegion
            audioBitRate audioBitRateMode audioBitsPerSample audioChannelCount metadataAuthority
            metadataLastEdited metadataLastEditor parentId rCtype rId rRole rbH rbRx rbShape
            rbUnit rbVertices rbW rbX rbY tempCoverageFrom tempCoverageTo videoBitRate
            videoBitRateMode videoDisplayAspectRatio videoEncodingProfile videoStreamsCount
        """,
        "plus": """
            AdultContentWarning CopyrightOwner CopyrightOwnerID CopyrightOwnerImageID
            CopyrightOwnerName CopyrightRegistrationNumber CopyrightStatus CreditLineRequired
            Custom1 Custom10 Custom2 Custom3 Custom4 Custom5 Custom6 Custom7 Custom8 Custom9
            DataMining EndUser EndUserID EndUserName FileNameAsDelivered FirstPublicationDate
            ImageAlterationConstraints ImageCreator ImageCreatorID ImageCreatorImageID
            ImageCreatorName ImageDuplicationConstraints ImageFileConstraints
            ImageFileFormatAsDelivered ImageFileSizeAsDelivered ImageSupplier ImageSupplierID
            ImageSupplierImageID ImageSupplierName ImageType LicenseEndDate LicenseID
            LicenseStartDate LicenseTransactionDate Licensee LicenseeID LicenseeImageID
            LicenseeImageNotes LicenseeName LicenseeProjectReference LicenseeTransactionID
            Licensor LicensorCity LicensorCountry LicensorEmail LicensorExtendedAddress
            LicensorID LicensorImageID LicensorName LicensorNotes LicensorPostalCode
            LicensorRegion LicensorStreetAddress LicensorTelephone1 LicensorTelephone2
            LicensorTelephoneType1 LicensorTelephoneType2 LicensorTransactionID LicensorURL
            MediaConstraints MediaSummaryCode MinorModelAgeDisclosure ModelReleaseID
            ModelReleaseStatus OtherConditions OtherConstraints OtherImageInfo
            OtherLicenseDocuments OtherLicenseInfo OtherLicenseRequirements
            ProductOrServiceConstraints PropertyReleaseID PropertyReleaseStatus
            RegionConstraints Reuse TermsAndConditionsText TermsAndConditionsURL Version
        """,
        "mwg-rs": """
            AppliedToDimensions Area BarCodeValue Description Extensions FocusUsage Name
            RegionList Regions Rotation Type
        """,
        "mwg-kw": "Applied Children Hierarchy Keyword Keywords",
        "MicrosoftPhoto": """
            CameraSerialNumber CreatorAppId CreatorOpenWithUIOptions DateAcquired
            FlashManufacturer FlashModel ItemSubType LastKeywordIPTC LastKeywordXMP
            LensManufacturer LensModel Rating
        """,
        "MP": "RegionInfo",
        "MPRI": "DateRegionsValid Regions",
        "MPReg": """
            PersonDisplayName PersonEmailDigest PersonLiveIdCID PersonSourceID Rectangle
        """,
        "GCamera": """
            BurstID BurstPrimary DisableAutoCreation HDRPMakerNote HdrPlusMakernote MicroVideo
            MicroVideoOffset MicroVideoPresentationTimestampUs MicroVideoVersion MotionPhoto
            MotionPhotoOffset MotionPhotoPresentationTimestampUs MotionPhotoVersion PortraitNote
            PortraitRequest PortraitVersion SpecialTypeID hdrp_makernote shot_log_data
        """,
        "Container": "Directory Item",
        "Item": "DataURI Label Length Mime Padding Semantic URI",
        "GImage": "Data ItemSemantic ItemURI Mime",
        "GDepth": """
            Confidence ConfidenceMime Data Far Format ImageHeight ImageWidth Manufacturer
            MeasureType Mime Model Near Software Units
        """,
        "GPano": """
            CaptureSoftware CroppedAreaImageHeightPixels CroppedAreaImageWidthPixels
            CroppedAreaLeftPixels CroppedAreaTopPixels ExposureLockUsed FirstPhotoDate
            FullPanoHeightPixels FullPanoWidthPixels InitialCameraDolly
            InitialHorizontalFOVDegrees InitialVerticalFOVDegrees InitialViewHeadingDegrees
            InitialViewPitchDegrees InitialViewRollDegrees LargestValidInteriorRectHeight
            LargestValidInteriorRectLeft LargestValidInteriorRectTop
            LargestValidInteriorRectWidth LastPhotoDate PoseHeadingDegrees PosePitchDegrees
            PoseRollDegrees ProjectionType SourcePhotosCount StitchingSoftware UsePanoramaViewer
        """,
        "GAudio": "Data Mime",
        "Device": """
            AppInfo Camera Cameras Container EarthPos Plane Planes Pose Profile Profiles
            VendorInfo
        """,
        "hdrgm": """
            BaseRenditionIsHDR GainMapMax GainMapMin Gamma HDRCapacityMax HDRCapacityMin
            OffsetHDR OffsetSDR Version
        """,
        "HDRGainMap": "HDRGainMapHeadroom HDRGainMapVersion",
        "apdi": """
            AuxiliaryImageType FloatMaxValue FloatMinValue IntMaxValue IntMinValue NativeFormat
            StoredFormat
        """,
        "apple-fi": "AngleInfoRoll AngleInfoYaw ConfidenceLevel FaceID Faces Timestamp",
        "drone-dji": """
            AbsoluteAltitude CalibratedFocalLength CalibratedOpticalCenterX
            CalibratedOpticalCenterY CamReverse CameraSerialNumber DewarpData DewarpFlag
            DroneSerialNumber FlightPitchDegree FlightRollDegree FlightXSpeed FlightYSpeed
            FlightYawDegree FlightZSpeed GimbalPitchDegree GimbalReverse GimbalRollDegree
            GimbalYawDegree GpsLatitude GpsLongitude GpsLongtitude Latitude Longitude
            RelativeAltitude RtkFlag RtkStdHgt RtkStdLat RtkStdLon SelfData
        """,
        "digiKam": """
            CaptionsAuthorNames CaptionsDateTimeStamps ColorLabel ImageHistory ImageUniqueID
            LensCorrectionSettings PickLabel TagsList picasawebGPhotoId
        """,
        "GIMP": "API Platform TimeStamp Version",
        "DICOM": """
            EquipmentInstitution EquipmentManufacturer PatientDOB PatientID PatientName
            PatientSex SeriesDateTime SeriesDescription SeriesModality SeriesNumber
            StudyDateTime StudyDescription StudyID StudyPhysician
        """,
        "dcterms": "provenance",
        "xmpNote": "HasExtendedXMP",
        "x": "xmptk",
        "MP1": """
            Brightness CameraModelID Contrast ExposureCompensation PanoramicStitchCameraMotion
            PanoramicStitchMapType PanoramicStitchPhi0 PanoramicStitchPhi1 PanoramicStitchTheta0
            PanoramicStitchTheta1 PipelineVersion StreamType WhiteBalance0 WhiteBalance1
            WhiteBalance2
        """,
        "expressionmedia": "CatalogSets Event People Status",
        "mediapro": "CatalogSets Event Location People Status UserFields",
        "acdsee": """
            EditStatus FixtureIdentifier ObjectCycle OriginatingProgram ReleaseDate ReleaseTime
            Snapshots author caption categories collections datetime dpp keywords notes rating
            rawrppused rpp tagged
        """,
        "pdf": """
            Author Copyright CreationDate Creator Keywords Marked ModDate PDFVersion Producer
            Subject Title Trapped
        """,
        "xmpTPg": """
            Colorants Fonts HasVisibleOverprint HasVisibleTransparency MaxPageSize NPages
            PageNumber PlateNames SwatchGroups
        """,
        "xmpG": """
            A B Colorants L black blue cyan gray green groupName groupType magenta mode red
            swatchName tint type yellow
        """,
        "xmpDM": """
            Tracks absPeakAudioFilePath album altTapeName altTimecode artist audioChannelType
            audioCompressor audioModDate audioSampleRate audioSampleType beatSpliceParams
            cameraAngle cameraLabel cameraModel cameraMove client comment composer
            contributedMedia copyright cuePointParams cuePointType director directorPhotography
            discNumber duration engineer fileDataRate frameOverlappingPercentage frameRate
            frameSize genre good instrument introTime key location logComment loop lyrics
            managed markers metadataModDate name numberOfBeats outCue partOfCompilation path
            probability projectName projectRef pullDown quality relativePeakAudioFilePath
            relativeTimestamp releaseDate resampleParams riseInDecibel riseInTimeDuration scale
            scaleType scene shotDate shotDay shotLocation shotName shotNumber shotSize speaker
            speakerPlacement startTime startTimeSampleSize startTimeScale startTimecode
            stretchMode takeNumber tapeName target tempo timeFormat timeScaleParams
            timeSignature timeValue track trackName trackNumber trackType type
            useFileBeatsMarker value videoAlphaMode videoAlphaPremultipleColor
            videoAlphaUnityIsTransparent videoColorSpace videoCompressor videoFieldOrder
            videoFrameRate videoFrameSize videoModDate videoPixelAspectRatio videoPixelDepth
            webStatement
        """,
        "stJob": "id name url",
        "stVer": "comments event modifier modifyDate version",
        "stMfs": "linkForm reference",
        "stFnt": """
            childFontFiles composite fontFace fontFamily fontFileName fontName fontType
            versionString
        """,
        "xmpidq": "Scheme",
        "crlcp": "PerspectiveModel",
        "stCamera": """
            ApertureValue Author AutoScale CameraPrettyName CameraRawProfile FocalLength
            FocusDistance ImageXCenter ImageYCenter Lens LensPrettyName Make Model ProfileName
            RadialDistortParam1 RadialDistortParam2 RadialDistortParam3 ScaleFactor
            SensorFormatFactor UniqueCameraModel Version
        """,
        "hdr_metadata": """
            ccv_avg_luminance_nits ccv_max_luminance_nits ccv_min_luminance_nits
            ccv_primaries_xy ccv_white_xy scene_referred
        """,
        "album": "Notes",
        "creatorAtom": """
            aeProjectLink applicationCode compositionID extension fullPath invocationAppleEvent
            invocationFlags macAtom posixProjectPath renderOutputModuleIndex renderQueueItemID
            renderTimeStamp uncProjectPath windowsAtom
        """,
        "cc": """
            attributionName attributionURL deprecatedOn jurisdiction legalcode license
            morePermissions permits prohibits requires useGuidelines
        """,
        "prism": """
            a-lang a-platform academicField aggregateIssueNumber aggregationType alternateTitle
            blogTitle blogURL bookEdition byteCount channel complianceProfile contentType
            copyrightYear corporateEntity coverDate coverDisplayDate creationDate date
            dateRecieved day device distributor doi eIssn edition endingPage event genre
            hasAlternative hasCorrection hasTranslation industry isAlternativeOf isCorrectionOf
            isTranslationOf isbn issn issueIdentifier issueName issueTeaser issueType keyword
            killDate link location modificationDate nationalCatalogNumber number object
            offSaleDate onSaleDate onSaleDay organization originPlatform pageCount
            pageProgressionDirection pageRange person platform productCode profession
            publicationDate publicationDisplayDate publicationName publishingFrequency rating
            samplePageRange section sellingAgency seriesNumber seriesTitle sport startingPage
            subchannel1 subchannel2 subchannel3 subchannel4 subsection1 subsection2 subsection3
            subsection4 subtitle supplementDisplayID supplementStartingPage supplementTitle
            teaser text ticker timePeriod url uspsNumber versionIdentifier volume wordCount
        """,
        "pur": """
            adultContentWarning agreement copyright creditLine embargoDate exclusivityEndDate
            expirationDate imageSizeRestriction optionEndDate permissions restrictions
            reuseProhibited rightsAgent rightsOwner
        """,
        "extensis": """
            Approved ApprovedBy ClientName JobName JobStatus RoutedTo RoutingNotes WorkToDo
        """,
        "ics": """
            AppVersion FileName ImageRef LabelName ParentReference Reference SubLabels
            SubVersions TagStructure TimeStamp VersRef
        """,
        "fpv": "RichTextComment",
        "photomechanic": """
            ColorClass CountryCode EditStatus PMVersion Prefs Tagged TimeCreated
        """,
        "GettyImagesGIFT": """
            AssetID CallForImage CameraFilename CameraMakeModel CameraSerialNumber Composition
            ExclusiveCoverage GIFTFtpPriority ImageRank MediaEventIdDate OriginalCreateDateTime
            OriginalFilename ParentMEID ParentMediaEventID Personality PrimaryFTP
            RoutingDestinations RoutingExclusions SecondaryFTP TimeShot
        """,
        "GFocus": "BlurAtInfinity FocalDistance FocalPointX FocalPointY",
        "GCreations": "CameraBurstID Type",
        "GSpherical": """
            CroppedAreaImageHeightPixels CroppedAreaImageWidthPixels CroppedAreaLeftPixels
            CroppedAreaTopPixels FullPanoHeightPixels FullPanoWidthPixels
            InitialViewHeadingDegrees InitialViewPitchDegrees InitialViewRollDegrees
            ProjectionType SourceCount Spherical StereoMode Stitched StitchingSoftware Timestamp
        """,
        "Profile": "CameraIndices Type",
        "Camera": """
            AppInfo DepthMap Image ImagingModel LightEstimate PointCloud Pose Trait VendorInfo
        """,
        "LImage": "MajorVersion MinorVersion RightAlbedo",
        "sdc": "about appname appversion version",
        "ast": """
            GPSAltitude GPSAltitudeRef GPSImgDirection GPSImgDirectionRef GPSLatitude
            GPSLatitudeRef GPSLongitude GPSLongitudeRef GPSMapDatum GPSVersionID IPTC XMLPackets
            about version
        """,
        "nine": "Label NineEdits Rating Trim about version",
        "aas": """
            AffineA AffineB AffineC AffineD AffineX AffineY CropH CropW CropX CropY Curve0x
            Curve0y Curve1x Curve1y Curve2x Curve2y Curve3x Curve3y Curve4x Curve4y
            FaceBalanceOrigI FaceBalanceOrigQ FaceBalanceStrength FaceBalanceWarmth Highlights
            Shadows Vibrance
        """,
        "cell": "cellid cgi lac mcc mnc r",
        "dwc": """
            Event FossilSpecimen GeologicalContext HumanObservation Identification
            LivingSpecimen MachineObservation MaterialSample MeasurementOrFact Occurrence
            Organism PreservedSpecimen Record ResourceRelationship Taxon acceptedNameUsage
            acceptedNameUsageID associatedMedia associatedOccurrences associatedOrganisms
            associatedReferences associatedSequences associatedTaxa basisOfRecord bed behavior
            catalogNumber class collectionCode collectionID continent coordinatePrecision
            coordinateUncertaintyInMeters country countryCode county cultivarEpithet
            dataGeneralizations datasetID datasetName dateIdentified day dctermsLocation
            decimalLatitude decimalLongitude degreeOfEstablishment disposition dynamicProperties
            earliestAgeOrLowestStage earliestDate earliestEonOrLowestEonothem
            earliestEpochOrLowestSeries earliestEraOrLowestErathem earliestPeriodOrLowestSystem
            endDayOfYear establishmentMeans eventDate eventID eventRemarks eventTime family
            fieldNotes fieldNumber footprintSRS footprintSpatialFit footprintWKT formation genus
            geodeticDatum geologicalContextID georeferenceProtocol georeferenceRemarks
            georeferenceSources georeferenceVerificationStatus georeferencedBy georeferencedDate
            group habitat higherClassification higherGeography higherGeographyID
            highestBiostratigraphicZone identificationID identificationQualifier
            identificationReferences identificationRemarks identificationVerificationStatus
            identifiedBy identifiedByID individualCount individualID informationWithheld
            infraspecificEpithet institutionCode institutionID island islandGroup kingdom
            latestAgeOrHighestStage latestDate latestEonOrHighestEonothem
            latestEpochOrHighestSeries latestEraOrHighestErathem latestPeriodOrHighestSystem
            lifeStage lithostratigraphicTerms locality locationAccordingTo locationID
            locationRemarks lowestBiostratigraphicZone materialSampleID maximumDepthInMeters
            maximumDistanceAboveSurfaceInMeters maximumElevationInMeters measurementAccuracy
            measurementDeterminedBy measurementDeterminedDate measurementID measurementMethod
            measurementRemarks measurementType measurementUnit measurementValue member
            minimumDepthInMeters minimumDistanceAboveSurfaceInMeters minimumElevationInMeters
            month municipality nameAccordingTo nameAccordingToID namePublishedIn
            namePublishedInID namePublishedInYear nomenclaturalCode nomenclaturalStatus
            occurrenceDetails occurrenceID occurrenceRemarks occurrenceStatus order organismID
            organismName organismQuantity organismQuantityType organismRemarks organismScope
            originalNameUsage originalNameUsageID otherCatalogNumbers ownerInstitutionCode
            parentEventID parentNameUsage parentNameUsageID pathway phylum pointRadiusSpatialFit
            preparations previousIdentifications recordNumber recordedBy recordedByID
            relatedResourceID relationshipAccordingTo relationshipEstablishedDate
            relationshipOfResource relationshipOfResourceID relationshipRemarks
            reproductiveCondition resourceID resourceRelationshipID sampleSizeUnit
            sampleSizeValue samplingEffort samplingProtocol scientificName
            scientificNameAuthorship scientificNameID sex specificEpithet startDayOfYear
            stateProvince subgenus taxonConceptID taxonID taxonRank taxonRemarks taxonomicStatus
            typeStatus verbatimCoordinateSystem verbatimCoordinates verbatimDepth
            verbatimElevation verbatimEventDate verbatimIdentification verbatimLatitude
            verbatimLocality verbatimLongitude verbatimSRS verbatimTaxonRank vernacularName
            verticalDatum waterBody year
        """,
        "rdf": "about",
    }.items()
}
